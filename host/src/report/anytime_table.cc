#include "report/anytime_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "espalier/host/report/summary.h"

namespace espalier::host {
namespace {

using Position = std::function<double(const CurvePoint&)>;

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

const CurvePoint& best_at(const AnytimeCurve& curve, double x, const Position& position) {
  const auto& points = curve.points();
  const auto after = std::find_if(points.begin(), points.end(),
                                  [&](const CurvePoint& point) { return position(point) > x; });
  return *std::prev(after);
}

/// Mean and standard deviation, or two empty cells unless all curves have a value.
std::string cells(const std::vector<double>& values, std::size_t curves) {
  if (values.size() != curves) return ",";
  const Statistics figure = statistics(values);
  return fmt::format("{},{}", figure.mean,
                     figure.standard_deviation ? fmt::to_string(*figure.standard_deviation) : "");
}

std::string row(const std::string& label, const std::string& axis, double x,
                const std::vector<FinishedCurve>& curves, const Position& position) {
  std::vector<double> values;
  std::vector<double> reports;
  for (const FinishedCurve& finished : curves) {
    const CurvePoint& best = best_at(finished.curve, x, position);
    if (best.value) values.push_back(*best.value);
    if (best.report) reports.push_back(*best.report);
  }
  return fmt::format("{},{},{},{},{}\n", label, axis, x, cells(values, curves.size()),
                     cells(reports, curves.size()));
}

std::string rows(const std::string& label, const std::string& axis, double end,
                 const std::vector<FinishedCurve>& curves, const Position& position) {
  double begin = 0.0;
  for (const FinishedCurve& finished : curves) {
    begin = std::max(begin, position(finished.curve.points().front()));
  }
  std::string text;
  for (const double x : grid(begin, std::max(begin, end))) text += row(label, axis, x, curves, position);
  return text;
}

}  // namespace

std::string anytime_header() { return "label,axis,x,objective_mean,objective_std,report_mean,report_std\n"; }

std::string anytime_rows(const std::string& label, const std::vector<FinishedCurve>& curves) {
  double steps = 0.0;
  double seconds = 0.0;
  for (const FinishedCurve& finished : curves) {
    if (finished.curve.points().empty()) return {};  // a trainer that writes no such events
    steps = std::max(steps, static_cast<double>(finished.steps));
    seconds = std::max(seconds, finished.seconds);
  }
  if (curves.empty()) return {};
  std::string text = rows(label, curves.front().curve.counts_epochs() ? "epochs" : "trials", steps, curves,
                          [](const CurvePoint& point) { return static_cast<double>(point.step); });
  // Where no benchmark knows what a search costs, as in a one-shot search, timing.csv has the measured time.
  if (seconds > 0.0)
    text += rows(label, "seconds", seconds, curves, [](const CurvePoint& point) { return point.seconds; });
  return text;
}

}  // namespace espalier::host
