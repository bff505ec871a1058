#pragma once

#include <filesystem>
#include <string>

#include "espalier/files/safetensors.h"
#include "espalier/network/compile/network.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The parameters and buffers, on the CPU, under the names that they have in the network.
ESPALIER_EXPORT StoredTensors stored_weights(const Network& network);

/// Gives a network the weights of these names. Throws Error, which names the first that is missing or has
/// another shape or type, when they belong to another network; weights that the network lacks are passed
/// over. `where`, the name of their file, appears in errors.
ESPALIER_EXPORT void set_weights(const StoredTensors& weights, const std::string& where, Network& network);

/// The bytes of the file that Journal::keep_weights() keeps: stored_weights() as safetensors.
ESPALIER_EXPORT std::string save_weights(const Network& network);
/// Reads a file of such bytes. Throws Error when the file is damaged, or belongs to another network.
ESPALIER_EXPORT void load_weights(const std::filesystem::path& file, Network& network);

}  // namespace espalier
