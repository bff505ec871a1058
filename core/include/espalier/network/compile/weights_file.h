#pragma once

#include <cstddef>
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

/// The tensors of such a file. Throws Error when there is none, or it is damaged.
ESPALIER_EXPORT StoredTensors read_trained_weights(const std::filesystem::path& file);

/// How many parameters of a network came from a file, and how many kept what they were initialized with.
struct TakenWeights {
  std::size_t taken = 0;
  std::size_t fresh = 0;
};
/// Gives a network the parameters and running statistics of such a file whose names, shapes and types are its
/// own, and leaves the others, such as a classifier of another number of classes. Throws UsageError when no
/// parameter fits, and what read_trained_weights() throws.
ESPALIER_EXPORT TakenWeights take_weights(const std::filesystem::path& file, Network& network);

/// [any-thread] The file of weights that `path` means: the file itself, the network.safetensors of the folder
/// of a training, or that of the only training from scratch in a run directory. Throws UsageError where there
/// is none, or more than one.
ESPALIER_EXPORT std::filesystem::path trained_weights_file(const std::filesystem::path& path);

}  // namespace espalier
