#include "espalier/host/report/figure_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

namespace espalier::host {

namespace {

std::string shown_to(int digits, double value) {
  constexpr double large = 1e5;
  return std::abs(value) < large ? fmt::format("{:.{}f}", value, digits) : fmt::format("{:.6g}", value);
}

}  // namespace

std::string shown(double value) { return shown_to(2, value); }

std::string shown(double value, const Metric& metric) {
  constexpr int fine = 4;
  return metric.unit.empty() ? shown_to(fine, value) : shown(value);
}

std::string interval(const Interval& interval) {
  return fmt::format("[{:.3f}, {:.3f}]", interval.low, interval.high);
}

std::string interval(const Statistics& figure) {
  constexpr std::size_t enough = 5;
  std::string text = figure.interval ? interval(*figure.interval) : "";
  if (figure.count() < 2 || figure.count() >= enough) return text;
  std::vector<std::string> values;
  for (const double value : figure.values) values.push_back(shown(value));
  return fmt::format("{}{}of {}", text, text.empty() ? "" : " ", fmt::join(values, ", "));
}

bool has_interval(const std::optional<Statistics>& figure) { return figure && figure->interval; }

std::string spoken(const Metric& metric) {
  std::string name = metric.name;
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string title_of(const Metric& metric) {
  std::string name = metric.name;
  constexpr std::string_view suffix = "_accuracy";
  if (name.ends_with(suffix) && name.size() > suffix.size()) name.resize(name.size() - suffix.size());
  std::ranges::replace(name, '_', ' ');
  const bool has_unit = !metric.unit.empty() && metric.unit != "count";
  return has_unit ? name + " " + metric.unit : name;
}

}  // namespace espalier::host
