#pragma once

#include <string>
#include <vector>

#include "espalier/config/config_value.h"

namespace espalier::host {

inline constexpr const char* command_line = "command line";

/// "key.path=value", taken apart.
struct Override {
  std::string where;  ///< "command line (key.path=value)"
  Location place;     ///< of the value, in the tree
  std::vector<std::string> path;
  ConfigValue value;
};

/// What a value that is about to be set takes away beside it in `map`, the map that holds its last key:
/// `seeds` takes `seed` and the other way round, and the name of another plugin takes the options of the one
/// before, with a note. What stands at the same place, or on the command line as well, stays.
void take_away_beside(ConfigValue& map, const Override& change);

/// What a paper found holds for the config as it stands: a change of anything but the seeds and the machine
/// takes the results away, with a note.
void take_paper_results(ConfigValue& config, const Override& change);

}  // namespace espalier::host
