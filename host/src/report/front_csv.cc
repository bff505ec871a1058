#include "report/front_csv.h"

#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>

namespace espalier::host {
namespace {

/// As RFC 4180 writes text that may hold commas: the strings of some spaces do.
std::string quoted_cell(const std::string& text) {
  return "\"" + boost::replace_all_copy(text, "\"", "\"\"") + "\"";
}

}  // namespace

std::string front_csv(const SeedResult& result, const ResultMetrics& metrics) {
  std::string text = "architecture";
  for (const Metric& metric : metrics.objectives) text += "," + metric.name;
  if (metrics.report) text += ",report_" + metrics.report->name;
  text += "\n";
  for (const FrontEntry& entry : result.front) {
    text += quoted_cell(entry.architecture);
    for (const double value : entry.values) text += fmt::format(",{}", value);
    if (metrics.report) text += fmt::format(",{}", entry.report ? fmt::to_string(*entry.report) : "");
    text += "\n";
  }
  return text;
}

}  // namespace espalier::host
