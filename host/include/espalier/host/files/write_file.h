#pragma once

#include <filesystem>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier::host {

/// Whether a file survives a power failure, or only the end of the process. The first takes some ten
/// milliseconds on a plain disk.
enum class Durability { disk, process };

/// Writes a file whole or not at all: under a temporary name beside it, then renamed. Throws Error
/// naming the file and the remedy when the disk is full, read-only, ….
ESPALIER_EXPORT void write_file(const std::filesystem::path& path, std::string_view content,
                                Durability durability = Durability::disk);

}  // namespace espalier::host
