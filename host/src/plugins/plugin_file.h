#pragma once

#include <filesystem>
#include <vector>

#include "espalier/host/plugins/plugin_registry.h"

namespace espalier::host {

/// What a file says of itself, and why it would be refused: whose it is as well. Reads the file, runs
/// nothing, never throws for what is in it.
PluginFile read_plugin_file(const std::filesystem::path& file);

/// All *.so of the folders, each file once, sorted by kind and name; files that offer the same plugin
/// carry that as their problem.
std::vector<PluginFile> find_plugin_files(const std::vector<std::filesystem::path>& folders);

}  // namespace espalier::host
