#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "espalier/search/benchmark.h"
#include "espalier/search/metric.h"
#include "espalier/space/search_space.h"

namespace espalier {

/// The metrics that a search space knows of its architectures, without any benchmark. To count them takes the
/// network of an architecture, so that each is counted once. All functions are [any-thread].
class SpaceMetrics {
 public:
  explicit SpaceMetrics(const SearchSpace& space) : space_(space) {}

  static const std::vector<Metric>& metrics();
  /// The value of the metric with this index.
  double value(const Architecture& architecture, std::size_t metric) const;

 private:
  using Counts = std::array<double, 3>;  ///< in the order of metrics()
  const SearchSpace& space_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<Architecture, Counts> known_;
};

/// Who answers for a metric: the space itself, or a benchmark.
struct MetricSource {
  const Benchmark* benchmark = nullptr;  ///< null: the space
  std::size_t index = 0;                 ///< in its metrics
  Metric metric;
  std::vector<int> epochs = {};  ///< at which it is known; empty where it depends on none

  /// The first that knows the metric. Throws UsageError, naming the nearest, when nobody does.
  static MetricSource find(const std::string& name, const std::vector<const Benchmark*>& benchmarks,
                           const std::string& where);

  Lookup at(int fidelity) const {
    return {.metric = index, .dataset = {}, .epoch = epochs.empty() ? std::nullopt : std::optional(fidelity)};
  }
};

}  // namespace espalier
