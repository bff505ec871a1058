#pragma once

#include <filesystem>
#include <string>

#include "espalier/network/compile/network.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The bytes of a LibTorch archive of the parameters and buffers, on the CPU, under the names of the network.
ESPALIER_EXPORT std::string save_weights(const Network& network);
/// Reads a file of such bytes. Throws Error when the file is no such archive, or one of another network.
ESPALIER_EXPORT void load_weights(const std::filesystem::path& file, Network& network);

}  // namespace espalier
