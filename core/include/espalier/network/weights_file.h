#pragma once

#include <filesystem>

#include "espalier/export.h"
#include "espalier/network/network.h"

namespace espalier {

/// Writes parameters and buffers to a LibTorch archive, on the CPU: torch.jit.load() reads it in Python, and
/// the names are those of the network. Throws Error when the file cannot be written.
ESPALIER_EXPORT void save_weights(const Network& network, const std::filesystem::path& file);
/// Throws Error when the file is no such archive, or one of another network.
ESPALIER_EXPORT void load_weights(const std::filesystem::path& file, Network& network);

}  // namespace espalier
