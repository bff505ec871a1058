#pragma once

#include <string>
#include <vector>

#include "espalier/config/config_value.h"

namespace espalier::host {

/// Throws UsageError, naming the nearest, for a key of `map` that is not among the known ones. The remedy is
/// for a key that is near none.
void expect_keys(const ConfigValue& map, const std::string& what, const std::vector<std::string>& known,
                 const std::string& remedy = {});

/// Throws UsageError unless the value is a map.
void expect_map(const ConfigValue& value, const std::string& what, const std::string& expected);

/// The value of a key; throws UsageError when it is missing.
const ConfigValue& required(const ConfigValue& map, const std::string& key, const std::string& what,
                            const std::string& remedy);

}  // namespace espalier::host
