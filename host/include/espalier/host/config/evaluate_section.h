#pragma once

#include <cstdint>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/host/config/component.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// The section `evaluate:` of a config: what trains an architecture from scratch, and with which seeds.
///
///     evaluate: {epochs: 600, seeds: 0..1}      # or {name: another_trainer, …}
struct EvaluateSection {
  Component trainer;                 ///< from_scratch unless it has a name
  std::vector<std::uint64_t> seeds;  ///< a training with each; empty: one, with the seed of the search

  /// Throws UsageError for anything that is not as above.
  static ESPALIER_EXPORT EvaluateSection from(const ConfigValue& value);
};

}  // namespace espalier::host
