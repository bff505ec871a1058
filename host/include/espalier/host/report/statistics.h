#pragma once

#include <cstddef>
#include <vector>

#include "espalier/plugin/export.h"
#include "espalier/search/metric.h"

namespace espalier::host {

/// A figure over the seeds.
struct Statistics {
  std::size_t count = 0;
  double mean = 0.0;
  double standard_deviation = 0.0;  ///< of the sample (n - 1); 0 for one seed
  double interval_low = 0.0;        ///< 95 % confidence interval of the mean (Student's t)
  double interval_high = 0.0;
  double best = 0.0;
};

/// [any-thread] Needs at least one value. The best is the largest or, of a metric that is minimized, the
/// smallest.
ESPALIER_EXPORT Statistics statistics(const std::vector<double>& values,
                                      Direction direction = Direction::maximize);

}  // namespace espalier::host
