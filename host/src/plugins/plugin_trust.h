#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace espalier::host {

/// Why others than the user, root and whoever installed Espalier may have made a plugin file.
struct Distrust {
  std::string problem;  ///< "can be changed by everybody (mode 0666)"
  std::string remedy;
};

/// Judges the file that `file` resolves to, its folder, and the folders above it up to one that Espalier's
/// own library lies in as well: who may change that one may change Espalier. Nothing is asked of the folders
/// of ESPALIER_TRUSTED_PLUGIN_PATH and what is below them. Throws nothing for a file that is not there.
std::optional<Distrust> distrust(const std::filesystem::path& file);

}  // namespace espalier::host
