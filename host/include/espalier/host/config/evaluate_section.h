#pragma once

#include <cstdint>
#include <vector>

#include "espalier/config/component.h"
#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// The section `evaluate:` of a config: what trains an architecture from scratch, and with which seeds.
///
///     evaluate: {epochs: 600, seeds: 0..1}      # or {name: another_trainer, …}
struct EvaluateSection {
  Component trainer;                 ///< from_scratch, or the one that the section names
  std::vector<std::uint64_t> seeds;  ///< one training with each; when empty, one with the seed of the search

  /// [any-thread] Throws UsageError for anything that does not have the form above.
  static ESPALIER_EXPORT EvaluateSection from(const ConfigValue& value);
};

}  // namespace espalier::host
