#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

/// The commands of the program, as CLI11 keeps them.
namespace espalier::program {

/// The names of the commands below one.
std::vector<std::string> command_names(const CLI::App& command);
/// The command of this name below one; null when there is none.
CLI::App* find_command(CLI::App& parent, const std::string& name);
/// "espalier plugins check".
std::string full_name(const CLI::App& command);

}  // namespace espalier::program
