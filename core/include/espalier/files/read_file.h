#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "espalier/plugin/export.h"

namespace espalier {

/// [any-thread] Opens a file to read its bytes. Throws Error unless it is a regular file or a link to one: to
/// open a named pipe waits until somebody writes to it, and a device may never end.
ESPALIER_EXPORT std::ifstream open_file(const std::filesystem::path& file);

/// [any-thread] The bytes of a whole file; nothing when there is none. Throws Error when it cannot be read or
/// is not a regular file.
ESPALIER_EXPORT std::optional<std::string> read_file(const std::filesystem::path& file);

}  // namespace espalier
