#pragma once

#include <string>
#include <vector>

#include "espalier/config/config_value.h"

namespace espalier::program {

/// Replaces values of a config by the words of a command line, each key.path=value. Throws UsageError for any
/// other word, and says how to write what was probably meant: "optimizer = darts", "seed: 3", "seed 3".
void apply_overrides(ConfigValue& config, const std::vector<std::string>& words);

}  // namespace espalier::program
