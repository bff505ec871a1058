#pragma once

#include <optional>

#include "espalier/plugin/export.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/metric.h"
#include "espalier/space/architecture.h"

namespace espalier {

/// What a report says of an architecture: the report metric of a benchmark, which no optimizer sees. All
/// functions are [any-thread].
class ESPALIER_EXPORT Report {
 public:
  /// `benchmark` is adapted and outlives it. Throws UsageError when it has no report metric.
  explicit Report(const Benchmark& benchmark);

  const Benchmark& benchmark() const { return benchmark_; }
  const Metric& metric() const { return metric_; }
  /// Nothing where the benchmark has no value for this architecture. Throws PluginFailure for a mistake in
  /// the benchmark.
  std::optional<double> value(const Architecture& architecture) const;
  /// The best value in the whole space, where it is known.
  std::optional<double> best() const;

 private:
  const Benchmark& benchmark_;
  Lookup lookup_;
  Metric metric_;
};

}  // namespace espalier
