#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/metric.h"
#include "espalier/search/objective_function.h"
#include "espalier/space/search_space.h"

namespace espalier::program {

/// The names of the metrics that a search space knows itself.
const std::vector<std::string>& space_metrics();

/// How a command line names a metric: BENCHMARK or BENCHMARK:METRIC, where the benchmark is a NAME or "{name:
/// NAME, option: value}", or alone what a space knows itself: one of space_metrics().
struct MetricText {
  std::string benchmark;  ///< empty: the space
  std::string metric;     ///< empty: the benchmark's objective

  /// Throws UsageError where nothing follows the colon. `argument` ("A") is for messages.
  static MetricText from(const std::string& text, const std::string& argument);
};

/// A metric of a benchmark, or of the space itself, that a command looks up.
class LookedUpMetric {
 public:
  /// Throws UsageError for a metric that the benchmark, which may be null, does not know.
  LookedUpMetric(const MetricText& text, std::shared_ptr<const Benchmark> benchmark,
                 const SearchSpace& space);

  const Metric& metric() const { return metric_; }
  /// "nasbench201:validation_accuracy", with the options of the benchmark as they were typed.
  const std::string& label() const { return label_; }
  /// In the metric's unit. Nothing where the metric is partial and this architecture has no value.
  std::optional<double> value(const Architecture& architecture) const;

 private:
  std::shared_ptr<const Benchmark> benchmark_;
  std::unique_ptr<const ObjectiveFunction> of_space_;  ///< in place of a benchmark
  Lookup lookup_;
  Metric metric_;
  std::string label_;
};

}  // namespace espalier::program
