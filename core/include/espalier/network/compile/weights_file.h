#pragma once

#include <cstddef>
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

/// How many parameters of a network came from a file, and how many kept what they were initialized with.
struct TakenWeights {
  std::size_t taken = 0;
  std::size_t fresh = 0;
};
/// Reads from a file of such bytes the parameters and running statistics whose names and shapes are those of
/// `network`, and leaves the others, such as a classifier of another number of classes. Throws UsageError
/// when no parameter fits, and Error when the file is not such an archive.
ESPALIER_EXPORT TakenWeights take_weights(const std::filesystem::path& file, Network& network);

/// [any-thread] The file of weights that `path` means: the file itself, the network.pt of the folder of a
/// training, or that of the only training from scratch in a run directory. Throws UsageError where there is
/// none, or more than one.
ESPALIER_EXPORT std::filesystem::path trained_weights_file(const std::filesystem::path& path);

}  // namespace espalier
