#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier {

/// [any-thread] The folders that are searched for data, in order: those of the environment variable
/// ESPALIER_DATA_PATH, separated by colons, and then share/espalier/data of the tree in which
/// libespalier_core is installed. They need not exist.
ESPALIER_EXPORT std::vector<std::filesystem::path> data_folders();

/// [any-thread] The path of a data file in the first of data_folders() that has it. Throws Error that lists
/// these folders when none has it.
ESPALIER_EXPORT std::filesystem::path find_data(const std::string& file_name);

}  // namespace espalier
