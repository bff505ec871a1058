#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "espalier/plugin/export.h"
#include "espalier/search/metric.h"

namespace espalier::host {

/// From a value to a higher one.
struct Interval {
  double low = 0.0;
  double high = 0.0;
};

/// A figure over the seeds.
struct Statistics {
  double mean = 0.0;
  double best = 0.0;
  std::vector<double> values = {};  ///< one for each seed, in their order
  /// Of the sample (n - 1). Nothing for one value, and where the values are too large for one.
  std::optional<double> standard_deviation = std::nullopt;
  /// The 95 % confidence interval of the mean (Student's t). Nothing where there is no deviation.
  std::optional<Interval> interval = std::nullopt;

  std::size_t count() const { return values.size(); }
};

/// [any-thread] Needs at least one value. The best is the largest or, of a metric that is minimized, the
/// smallest.
ESPALIER_EXPORT Statistics statistics(const std::vector<double>& values,
                                      Direction direction = Direction::maximize);
/// [any-thread] The same of a metric. An interval of percentages that are all shares of a whole stays within
/// 0 and 100, outside of which their mean cannot lie.
ESPALIER_EXPORT Statistics statistics(const std::vector<double>& values, const Metric& metric);

/// [any-thread] The 95 % interval of a probability, of which `percent` of so many tries were seen (Wilson,
/// 1927), in percent. It is never empty and stays within 0 and 100. Needs at least one try.
ESPALIER_EXPORT Interval wilson_interval(double percent, std::uint64_t tries);

}  // namespace espalier::host
