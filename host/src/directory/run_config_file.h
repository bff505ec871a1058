#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "espalier/config/config_value.h"

namespace espalier::host {

/// The text of a run's config.yaml: a line that tells it from any other file of that name, the SHA-256 of
/// what follows, and the config.
std::string to_config_text(const ConfigValue& resolved);

/// Whether a text begins as one of to_config_text() does.
bool is_config_of_run(std::string_view text);

/// The config of a run. `file` is the text's, for places in messages. Throws UsageError when the text is not
/// what to_config_text() returned.
ConfigValue parse_config_of_run(std::string_view text, const std::filesystem::path& file);

}  // namespace espalier::host
