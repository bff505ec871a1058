#pragma once

#include <filesystem>
#include <string>

namespace espalier::host {

/// Why `file` cannot be asked for its sections, or cannot be a library of this machine: "is empty",
/// "is not a regular file", … Empty when it can. Boost.DLL and the dynamic loader believe the numbers in
/// a file; here they are checked against its size first.
std::string elf_problem(const std::filesystem::path& file);

}  // namespace espalier::host
