#include "report/front_csv.h"

#include <fmt/format.h>

#include "espalier/host/report/csv_quoted.h"

namespace espalier::host {

std::string front_csv(const SeedResult& result, const ResultMetrics& metrics) {
  std::string text = "architecture";
  for (const Metric& metric : metrics.objectives) text += "," + metric.name;
  if (metrics.report) text += ",report_" + metrics.report->name;
  text += "\n";
  for (const FrontEntry& entry : result.front) {
    text += csv_quoted(entry.architecture);
    for (const double value : entry.values) text += fmt::format(",{}", value);
    if (metrics.report) text += fmt::format(",{}", entry.report ? fmt::to_string(*entry.report) : "");
    text += "\n";
  }
  return text;
}

}  // namespace espalier::host
