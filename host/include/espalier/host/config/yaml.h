#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// Reads a YAML file into a config tree that knows every part's place. Throws UsageError for a missing
/// or malformed file, a repeated key, or one that is too large, too deep or, its aliases expanded, too
/// big to be a config.
ESPALIER_EXPORT ConfigValue load_yaml(const std::filesystem::path& file);
/// The same for text; `name` stands for the file in messages.
ESPALIER_EXPORT ConfigValue parse_yaml(std::string_view text, const std::string& name);

/// Applies "key.path=value", the value in YAML, over what the file says ("optimizer.1.tau=3" reaches
/// into a list). Throws UsageError.
ESPALIER_EXPORT void apply_override(ConfigValue& config, std::string_view assignment);

/// YAML text that reads back to the same tree.
ESPALIER_EXPORT std::string to_yaml(const ConfigValue& config);

}  // namespace espalier::host
