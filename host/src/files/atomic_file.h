#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "espalier/host/files/write_file.h"

namespace espalier::host {

/// The whole file; nothing when there is none. Throws Error when it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);

/// Adds to the end of a file, and makes it where there is none. Only after a power failure or a kill in the
/// middle may a part of `content` be there. Throws Error.
void append_to_file(const std::filesystem::path& path, std::string_view content);

/// Throws Error.
void make_directories(const std::filesystem::path& path);
void remove_file(const std::filesystem::path& path);

/// Whether a file is what a kill in the middle of write_file() leaves.
bool is_temporary(const std::filesystem::path& path);

/// Throws the Error of a failed system call on `path`; `action` is "cannot write".
[[noreturn]] void throw_file_error(std::string_view action, const std::filesystem::path& path, int error);

}  // namespace espalier::host
