#pragma once

#include <filesystem>
#include <string>

#include "espalier/plugin/export.h"

namespace espalier::host {

/// The names of what a finished training keeps in its folder, and a one-shot search in its own.
inline constexpr const char* kTrainedWeights = "network.safetensors";
inline constexpr const char* kTrainedDescription = "network.json";
inline constexpr const char* kSearchedSupernet = "supernet.safetensors";

/// [any-thread] The bytes of a file that a finished training or search kept in its folder. Throws Error when
/// they are not those that its result.json knows the SHA-256 of.
ESPALIER_EXPORT std::string read_training_file(const std::filesystem::path& folder, const std::string& name);

}  // namespace espalier::host
