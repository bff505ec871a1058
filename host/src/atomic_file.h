#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace espalier::host {

/// Whether a file survives a power failure, or only the end of the process. The first takes some ten
/// milliseconds on a plain disk.
enum class Durability { disk, process };

/// Writes a file whole or not at all: under a temporary name beside it, then renamed. Throws Error
/// naming the file and the remedy when the disk is full, read-only, ….
void write_file(const std::filesystem::path& path, std::string_view content,
                Durability durability = Durability::disk);

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
