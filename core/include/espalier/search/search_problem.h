#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "espalier/search/metric.h"
#include "espalier/search/trial.h"
#include "espalier/space/architecture.h"

namespace espalier {

class ComponentMaker;
class SearchSpace;

/// What a whole search may spend. What is not set does not limit it.
struct Budget {
  std::optional<std::uint64_t> trials = std::nullopt;
  std::optional<double> seconds = std::nullopt;  ///< simulated training seconds
};

/// What a search is: all that an optimizer learns before its first trial. ObjectiveFunction::problem() makes
/// one; the defaults are those of a search with one objective and without fidelities.
struct SearchProblem {
  const SearchSpace& space;  ///< outlives the optimizer
  std::uint64_t seed = 0;
  /// What is optimized; never empty. The values of an Outcome have this order.
  std::vector<Metric> objectives = {{.name = "objective"}};
  /// The fidelities that trials may have, ascending; the last is full fidelity. Empty where the objectives
  /// depend on no epochs.
  std::vector<Fidelity> fidelities = {};
  /// Whether an architecture keeps all constraints; empty where there are none. [any-thread]
  std::function<bool(const Architecture&)> allowed = {};
  /// How near to each bound the architectures came that `allowed` refused, as text for an error ("latency at
  /// most 0.5 ms, and the nearest has 3.2 ms"); empty where there are no constraints. [any-thread]
  std::function<std::string()> refusals = {};
  /// What the search may spend. An optimizer that plans with it reads Optimizer::budget();
  /// Optimizer::problem() leaves it out.
  Budget budget = {};
  /// Makes further plugins under the search path, pins and checks of the run; null outside of one. An option
  /// that names a plugin is read with Config::component() instead.
  ComponentMaker* components = nullptr;
};

}  // namespace espalier
