#pragma once

#include <filesystem>
#include <string_view>

#include "espalier/host/files/write_file.h"
#include "files/file_descriptor.h"

namespace espalier::host {

/// Opens a file to write at its end, and makes it where there is none. Throws Error unless it is a regular
/// file: a link or a pipe that stands there is somebody else's.
FileDescriptor open_to_append(const std::filesystem::path& path);

/// Writes all of it, or throws Error; `path` is the file's, for the message.
void write_all(const FileDescriptor& file, std::string_view content, const std::filesystem::path& path);

/// Brings what was written to the disk, or throws Error.
void sync_file(const FileDescriptor& file, const std::filesystem::path& path);

/// Adds to the end of a file, and makes it where there is none. Only after a power failure or a kill in the
/// middle may a part of `content` be there. Throws Error.
void append_to_file(const std::filesystem::path& path, std::string_view content);

/// Makes a folder and those above it, so that they outlive a power failure. Throws Error.
void make_directories(const std::filesystem::path& path);
/// Throws Error. Does nothing when there is no such file.
void remove_file(const std::filesystem::path& path);
/// Makes the names within a folder outlive a power failure. Throws Error.
void sync_directory(const std::filesystem::path& directory);
/// Whether anything has this name, be it a link to nothing.
bool is_there(const std::filesystem::path& path);

/// Whether a file is what a kill in the middle of write_file() leaves.
bool is_temporary(const std::filesystem::path& path);

/// Throws the Error of a failed system call on `path`; `action` is "cannot write".
[[noreturn]] void throw_file_error(std::string_view action, const std::filesystem::path& path, int error);

}  // namespace espalier::host
