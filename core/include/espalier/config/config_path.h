#pragma once

#include <filesystem>
#include <string>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// [any-thread] The absolute path that a person means by `text`, which was written at `where`. A relative
/// path begins at the folder of the config file, and at the working folder where no file says it; `~` alone
/// or before a slash is the home folder. An empty text is an empty path.
ESPALIER_EXPORT std::filesystem::path config_path(const std::string& text, const Location& where);

}  // namespace espalier
