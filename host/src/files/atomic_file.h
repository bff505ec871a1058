#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "espalier/host/files/write_file.h"

namespace espalier::host {

/// The whole file; nothing when there is none. Throws Error when it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);

/// Throws Error.
void make_directories(const std::filesystem::path& path);
void remove_file(const std::filesystem::path& path);

/// Whether a file is what a kill in the middle of write_file() leaves.
bool is_temporary(const std::filesystem::path& path);

/// Throws the Error of a failed system call on `path`; `action` is "cannot write".
[[noreturn]] void throw_file_error(std::string_view action, const std::filesystem::path& path, int error);

}  // namespace espalier::host
