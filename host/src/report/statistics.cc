#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "espalier/host/report/statistics.h"

namespace espalier::host {
namespace {

constexpr double confidence = 0.95;

}  // namespace

Statistics statistics(const std::vector<double>& values, Direction direction) {
  if (values.empty()) return {};
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  Statistics result{
      .count = values.size(),
      .mean = mean,
      .interval_low = mean,
      .interval_high = mean,
      .best = direction == Direction::minimize ? std::ranges::min(values) : std::ranges::max(values)};
  if (values.size() == 1) return result;

  const double squares = std::accumulate(values.begin(), values.end(), 0.0, [mean](double sum, double value) {
    return sum + (value - mean) * (value - mean);
  });
  result.standard_deviation = std::sqrt(squares / (count - 1.0));
  const boost::math::students_t distribution(count - 1.0);
  const double half_width = boost::math::quantile(distribution, 0.5 + confidence / 2.0) *
                            result.standard_deviation / std::sqrt(count);
  result.interval_low = mean - half_width;
  result.interval_high = mean + half_width;
  return result;
}

}  // namespace espalier::host
