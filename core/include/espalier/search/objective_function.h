#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"
#include "espalier/search/metric.h"
#include "espalier/search/outcome.h"
#include "espalier/search/search_problem.h"
#include "espalier/search/trial.h"
#include "espalier/space/architecture.h"

namespace espalier {

class Benchmark;
class Measurements;
class SearchSpace;

/// A metric that every architecture of a search must keep within bounds.
struct Constraint {
  std::string metric;
  std::optional<double> worst = std::nullopt;  ///< a bound on the side where the metric is worse
  std::optional<double> min = std::nullopt;
  std::optional<double> max = std::nullopt;
  Location where = {};  ///< for messages
};

/// A metric by name, and where it was named.
struct MetricName {
  std::string name;
  Location where = {};  ///< for messages
};

/// What a search optimizes and must keep. The first of its benchmarks that knows a metric answers for it; the
/// space itself answers for `parameters`, `multiply_adds` and `activation_bytes`, before any benchmark.
struct Objectives {
  std::vector<const Benchmark*> benchmarks;  ///< adapted to the space
  std::vector<MetricName> metrics = {};      ///< empty: the objective() of the first benchmark
  std::vector<Constraint> constraints = {};
};

/// The function that a search optimizes: it gives each trial its outcome. All functions are [any-thread].
class ESPALIER_EXPORT ObjectiveFunction {
 public:
  /// The benchmarks, the space and `measurements`, which keeps what is measured, outlive it. Without
  /// `measurements` it keeps them itself. Throws UsageError for a metric that nobody knows or that is named
  /// twice.
  ObjectiveFunction(const SearchSpace& space, const Objectives& objectives,
                    Measurements* measurements = nullptr);
  /// The objective of one benchmark, on the space that it was adapted to.
  explicit ObjectiveFunction(const Benchmark& benchmark);
  ~ObjectiveFunction();

  const SearchSpace& space() const;
  /// The objectives.
  const std::vector<Metric>& metrics() const;
  /// The fidelities that all objectives know, up to the benchmarks' own epochs; empty where they depend on no
  /// epochs.
  const std::vector<Fidelity>& fidelities() const;
  bool continues_trials() const;

  /// Values in the order of metrics(), higher is better, and the cost of a trial that starts anew. Throws
  /// Error where a benchmark has no value.
  Outcome outcome(const Architecture& architecture, Fidelity fidelity) const;
  /// At full fidelity.
  Outcome outcome(const Architecture& architecture) const;
  /// The same for a trial, where benchmarks answer trials (AnswersTrials), and one that continues from
  /// `reached`, where they continue them.
  Outcome outcome(const Trial& trial, Fidelity reached) const;
  /// The values of an outcome in the units of the metrics.
  std::vector<double> in_units(const Outcome& outcome) const;

  /// Whether allowed() can refuse anything: because of a constraint, or of an objective that some
  /// architectures lack (Metric::partial).
  bool is_constrained() const;
  /// Whether all constraints are kept and no objective lacks a value. A value that is not known counts as
  /// refused.
  bool allowed(const Architecture& architecture) const;

  /// The problem that an optimizer adapts to. This object outlives it.
  SearchProblem problem(std::uint64_t seed, const Budget& budget = {}) const;

 private:
  class Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace espalier
