#pragma once

#include <string>
#include <vector>

#include "espalier/config/config_value.h"

namespace espalier::host {

/// "key.path=value", taken apart.
struct Override {
  std::string source;  ///< who says it: "command line"
  std::string where;   ///< "command line (key.path=value)"
  std::vector<std::string> path;
  ConfigValue value;
};

/// What a value that is about to be set takes away beside it in `map`, the map that holds its last key:
/// `seeds` takes `seed` and the other way round, and the name of another plugin takes the options of the one
/// before, with a note. What the same source has set stays.
void take_away_beside(ConfigValue& map, const Override& change);

}  // namespace espalier::host
