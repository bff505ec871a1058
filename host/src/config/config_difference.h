#pragma once

#include <optional>
#include <string>

#include "espalier/config/config_value.h"

namespace espalier::host {

/// The first part in which two configs differ, for a message.
struct ConfigDifference {
  std::string key;  ///< "optimizer.1.population_size"
  std::string theirs;
  std::string ours;
};

/// Published figures do not count: no result depends on them.
std::optional<ConfigDifference> first_difference(const ConfigValue& theirs, const ConfigValue& ours);

}  // namespace espalier::host
