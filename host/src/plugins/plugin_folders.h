#pragma once

#include <filesystem>
#include <vector>

namespace espalier::host {

/// The folders that an environment variable lists, separated by colons.
std::vector<std::filesystem::path> folders_of_variable(const char* name);

/// The file that this library was loaded from.
const std::filesystem::path& own_library();
/// Where the plugins of that installation are.
std::filesystem::path own_plugin_folder();

}  // namespace espalier::host
