#pragma once

#include <filesystem>

#include "espalier/data/data_path.h"

/// The file that an option names; where it names none, the one of this name that comes with Espalier. Throws
/// what find_data() throws.
inline std::filesystem::path data_file(const std::filesystem::path& option, const char* name) {
  return option.empty() ? espalier::find_data(name) : option;
}
