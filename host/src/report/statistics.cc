#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "espalier/host/report/statistics.h"

namespace espalier::host {
namespace {

constexpr double confidence = 0.95;

double mean_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  if (std::isfinite(mean)) return mean;
  // The sum is too large for a double, though the mean is not.
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [count](double sum, double value) { return sum + value / count; });
}

}  // namespace

Statistics statistics(const std::vector<double>& values, Direction direction) {
  if (values.empty()) return {};
  const auto count = static_cast<double>(values.size());
  const double mean = mean_of(values);
  Statistics result{
      .mean = mean,
      .best = direction == Direction::minimize ? std::ranges::min(values) : std::ranges::max(values),
      .values = values};
  if (values.size() == 1) return result;

  const double squares = std::accumulate(values.begin(), values.end(), 0.0, [mean](double sum, double value) {
    return sum + (value - mean) * (value - mean);
  });
  const double deviation = std::sqrt(squares / (count - 1.0));
  if (!std::isfinite(deviation)) return result;
  const boost::math::students_t distribution(count - 1.0);
  const double half_width =
      boost::math::quantile(distribution, 0.5 + confidence / 2.0) * deviation / std::sqrt(count);
  result.standard_deviation = deviation;
  result.interval = Interval{.low = mean - half_width, .high = mean + half_width};
  return result;
}

Statistics statistics(const std::vector<double>& values, const Metric& metric) {
  Statistics figure = statistics(values, metric.direction);
  constexpr double all = 100.0;
  const auto is_share = [](double value) { return value >= 0.0 && value <= all; };
  if (metric.unit == "%" && figure.interval && std::ranges::all_of(values, is_share))
    figure.interval =
        Interval{.low = std::max(0.0, figure.interval->low), .high = std::min(all, figure.interval->high)};
  return figure;
}

Interval wilson_interval(double percent, std::uint64_t tries) {
  constexpr double z = 1.959963984540054;  // the normal distribution's 97.5 % quantile
  const auto n = static_cast<double>(tries);
  const double p = percent / 100.0;
  const double center = p + z * z / (2.0 * n);
  const double half = z * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
  const double scale = 100.0 / (1.0 + z * z / n);
  return {.low = std::max(0.0, scale * (center - half)), .high = std::min(100.0, scale * (center + half))};
}

}  // namespace espalier::host
