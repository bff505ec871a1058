#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "espalier/config/component.h"
#include "espalier/host/config/run_config.h"
#include "run/prepared_run.h"

namespace espalier::host {

/// A baseline: an architecture, and the space that makes a network of it.
struct BaselineArchitecture {
  std::string name;     ///< of its folder
  bool random = false;  ///< drawn, not made by hand
  Component search_space;
  std::string architecture;
};

/// Throws UsageError where the space, of which these are the options with every default filled in, knows no
/// network of a name; Error where what it says of its networks cannot be.
void check_baselines(const BaselinesSection& section, const SearchSpace& space, const ConfigValue& options);

/// The baselines of a run. What is made by hand gets the width at which it has nearly `parameters`
/// parameters, those of the networks that were found; what is drawn, by the first seed, keeps the run's
/// constraints. Throws Error where chance draws nothing that keeps them.
std::vector<BaselineArchitecture> baseline_architectures(const RunConfig& config, const PreparedRun& run,
                                                         std::int64_t parameters);

}  // namespace espalier::host
