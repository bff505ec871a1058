#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// The section `baselines:` of a config: networks that are trained as `evaluate:` says, with the same seeds,
/// and tell whether a search was worth its cost.
///
///     baselines: [resnet, random: 3]   # made by hand (HasHandMade) as large as what was found; drawn at
///     random
struct BaselinesSection {
  /// One that people made, by the name that the search space gives it.
  struct HandMadeName {
    std::string name;
    Location where;
  };
  std::vector<HandMadeName> hand_made;  ///< names are unique
  std::size_t random = 0;               ///< how many architectures are drawn
  Location where;

  /// [any-thread] The names of all, in their order, which are their folders: "resnet", "random_1".
  ESPALIER_EXPORT std::vector<std::string> names() const;
  /// [any-thread] As a config says it.
  ESPALIER_EXPORT ConfigValue to_config() const;
  /// [any-thread] Throws UsageError for anything that does not have the form above.
  static ESPALIER_EXPORT BaselinesSection from(const ConfigValue& value);
};

}  // namespace espalier::host
