#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace espalier::program {

/// What could stand in the place of the last of `words` (what follows `espalier` on a command line, up
/// to the cursor). Empty where a file is to be completed, or nothing fits.
std::vector<std::string> complete(CLI::App& program, const std::vector<std::string>& words);

}  // namespace espalier::program
