#pragma once

#include <filesystem>
#include <string>

#include "espalier/network/compile/network.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The parameters and buffers as the bytes of a LibTorch archive, on the CPU, under the names that they have
/// in the network.
ESPALIER_EXPORT std::string save_weights(const Network& network);
/// Reads a file of such bytes. Throws Error when the file is not such an archive, or belongs to another
/// network.
ESPALIER_EXPORT void load_weights(const std::filesystem::path& file, Network& network);

}  // namespace espalier
