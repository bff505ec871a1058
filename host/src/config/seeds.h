#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "espalier/config/config_value.h"

namespace espalier::host {

/// Seeds as a config writes them: "0..99", a list, or one number. Throws UsageError.
std::vector<std::uint64_t> parse_seeds(const ConfigValue& value);
/// What a map has under `seeds:`, or the one under `seed:`; empty where it has neither. Throws UsageError.
std::vector<std::uint64_t> find_seeds(const ConfigValue& map);
/// The shortest form that reads back to the same seeds.
ConfigValue seeds_to_config(const std::vector<std::uint64_t>& seeds);

}  // namespace espalier::host
