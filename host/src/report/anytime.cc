#include "espalier/host/report/anytime.h"

#include <algorithm>
#include <cmath>

namespace espalier::host {
namespace {

double position(const CurvePoint& point, CurveAxis axis) {
  return axis == CurveAxis::steps ? static_cast<double>(point.step) : point.seconds;
}

double end_of(const SearchCurve& curve, CurveAxis axis) {
  return axis == CurveAxis::steps ? static_cast<double>(curve.steps) : curve.seconds;
}

}  // namespace

std::optional<double> value_at(const SearchCurve& curve, double x, CurveAxis axis, CurveValue value) {
  if (!curve.ended && x > end_of(curve, axis)) return std::nullopt;
  const auto after = std::ranges::upper_bound(
      curve.points, x, {}, [axis](const CurvePoint& point) { return position(point, axis); });
  if (after == curve.points.begin()) return std::nullopt;
  const CurvePoint& point = *std::prev(after);
  return value == CurveValue::objective ? point.value : point.report;
}

std::vector<AnytimePoint> anytime(const std::vector<SearchCurve>& curves,
                                  const std::vector<double>& positions, CurveAxis axis, CurveValue value,
                                  const Metric& metric) {
  std::vector<AnytimePoint> points;
  if (curves.empty()) return points;
  for (const double x : positions) {
    std::vector<double> values;
    values.reserve(curves.size());
    for (const SearchCurve& curve : curves)
      if (const auto known = value_at(curve, x, axis, value)) values.push_back(*known);
    if (values.size() == curves.size()) points.push_back({.x = x, .figure = statistics(values, metric)});
  }
  return points;
}

std::vector<double> curve_positions(const std::vector<SearchCurve>& curves, CurveAxis axis,
                                    std::size_t count) {
  double first = 0.0;
  double last = 0.0;
  for (const SearchCurve& curve : curves) {
    if (curve.points.empty()) continue;
    first = std::max(first, position(curve.points.front(), axis));
    last = std::max(last, end_of(curve, axis));
  }
  std::vector<double> positions;
  if (last <= 0.0 || count < 2) return positions;
  const auto most = static_cast<double>(count);
  if (axis == CurveAxis::steps && last <= most) {
    for (double x = std::max(1.0, first); x <= last; ++x) positions.push_back(x);
    return positions;
  }
  first = std::max(first, axis == CurveAxis::steps ? 1.0 : last * 1e-4);
  for (std::size_t i = 0; i < count; ++i) {
    double x = first * std::pow(last / first, static_cast<double>(i) / (most - 1.0));
    if (axis == CurveAxis::steps) x = std::round(x);
    if (i + 1 == count) x = last;
    if (positions.empty() || x > positions.back()) positions.push_back(x);
  }
  return positions;
}

}  // namespace espalier::host
