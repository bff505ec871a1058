#include "report/anytime_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace espalier::host {
namespace {

/// 1, 2, 5, 10, 20, … from `begin` on, and `end` itself.
std::vector<double> grid(double begin, double end) {
  std::vector<double> points;
  for (double decade = 1.0; decade < end; decade *= 10.0) {
    for (const double step : {1.0, 2.0, 5.0}) {
      const double x = decade * step;
      if (x >= begin && x < end) points.push_back(x);
    }
  }
  points.push_back(end);
  return points;
}

/// Mean and standard deviation, or two empty cells unless all curves have a value.
std::string cells(const std::vector<SearchCurve>& curves, double x, CurveAxis axis, CurveValue value) {
  const std::vector<AnytimePoint> point = anytime(curves, {x}, axis, value);
  if (point.empty()) return ",";
  const Statistics& figure = point.front().figure;
  return fmt::format("{},{}", figure.mean,
                     figure.standard_deviation ? fmt::to_string(*figure.standard_deviation) : "");
}

std::string rows(const std::string& label, const std::string& name, const std::vector<SearchCurve>& curves,
                 CurveAxis axis) {
  double begin = 0.0;
  double end = 0.0;
  for (const SearchCurve& curve : curves) {
    const CurvePoint& first = curve.points.front();
    begin = std::max(begin, axis == CurveAxis::steps ? static_cast<double>(first.step) : first.seconds);
    end = std::max(end, axis == CurveAxis::steps ? static_cast<double>(curve.steps) : curve.seconds);
  }
  std::string text;
  for (const double x : grid(begin, std::max(begin, end)))
    text += fmt::format("{},{},{},{},{}\n", label, name, x, cells(curves, x, axis, CurveValue::objective),
                        cells(curves, x, axis, CurveValue::report));
  return text;
}

}  // namespace

std::string anytime_header() { return "label,axis,x,objective_mean,objective_std,report_mean,report_std\n"; }

std::string anytime_rows(const std::string& label, const std::vector<SearchCurve>& curves) {
  // A trainer may write no such events.
  const auto is_empty = [](const SearchCurve& curve) { return curve.points.empty(); };
  if (curves.empty() || std::ranges::any_of(curves, is_empty)) return {};
  const char* const steps = curves.front().counts_epochs ? "epochs" : "trials";
  std::string text = rows(label, steps, curves, CurveAxis::steps);
  // Where no benchmark knows what a search costs, as in a one-shot search, timing.csv has the measured time.
  const bool has_seconds =
      std::ranges::any_of(curves, [](const SearchCurve& curve) { return curve.seconds > 0.0; });
  if (has_seconds) text += rows(label, "seconds", curves, CurveAxis::seconds);
  return text;
}

}  // namespace espalier::host
