#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier::host {

/// Whether a file survives a power failure, or only the end of the process. The former takes about ten
/// milliseconds on an ordinary disk.
enum class Durability { disk, process };

/// [any-thread] Writes a file whole or not at all: under a temporary name beside it, which is then renamed.
/// Throws Error that names the file and the remedy when the disk is full or read-only, for example.
ESPALIER_EXPORT void write_file(const std::filesystem::path& path, std::string_view content,
                                Durability durability = Durability::disk);

/// [any-thread] The same for a content that is too long to be held: `content` is called once and hands it on
/// piece by piece. What it throws leaves this function.
using WritePiece = std::function<void(std::string_view piece)>;
ESPALIER_EXPORT void write_file(const std::filesystem::path& path,
                                const std::function<void(const WritePiece& write)>& content,
                                Durability durability = Durability::disk);

}  // namespace espalier::host
