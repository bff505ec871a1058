#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "arguments.h"

namespace espalier::program {

/// Writes the report of one or several runs into a folder, which is that of the run named `report` unless
/// another is named, and returns what to print of it.
std::string write_report_of(const std::vector<std::filesystem::path>& directories,
                            std::filesystem::path folder, const Folders& plugin_path);

}  // namespace espalier::program
