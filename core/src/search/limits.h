#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "espalier/search/measurements.h"
#include "espalier/search/objective_function.h"
#include "espalier/space/architecture.h"
#include "search/metric_source.h"

namespace espalier {

/// What every architecture of a search must keep: its constraints, and a value of each objective that some
/// architectures lack (Metric::partial), both at full fidelity. All functions are [any-thread].
class Limits {
 public:
  /// `counts` and `measurements` outlive it. `sources` are those of the objectives. Throws UsageError for a
  /// constraint on a metric that nobody knows.
  Limits(const Objectives& objectives, const std::vector<MetricSource>& sources, const SpaceMetrics& counts,
         Measurements& measurements);

  bool empty() const { return limits_.empty(); }
  /// Whether all of them are kept. A value that is not known counts as refused.
  bool allow(const Architecture& architecture) const;
  /// How near to each bound the refused architectures came (SearchProblem::refusals).
  std::string refusals() const;

 private:
  struct Limit {
    Constraint constraint;
    MetricSource source;
    std::optional<double> nearest = std::nullopt;  ///< of the values that broke it
  };

  bool keeps(Limit& limit, const Architecture& architecture) const;
  std::optional<double> value(const MetricSource& source, const Architecture& architecture) const;

  const SpaceMetrics& counts_;
  Measurements& measurements_;
  mutable std::mutex mutex_;  ///< of what was nearest
  mutable std::vector<Limit> limits_;
};

}  // namespace espalier
