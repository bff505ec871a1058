#pragma once

#include <filesystem>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// How the run of a directory was begun: what `espalier resume` needs to go on with it.
struct BegunRun {
  ConfigValue config;      ///< resolved; RunConfig::from() or EvaluateConfig::from()
  bool evaluates = false;  ///< whether evaluate() began it, and not run()
  /// The folders in which its plugins were looked for, but for those of the installation.
  std::vector<std::filesystem::path> plugin_path;
  PluginPins plugin_pins;  ///< which plugins may load; empty where every one may
};

/// [any-thread] Whether a directory holds the config of a run, sound or damaged; false for anything else,
/// also for a folder with a config.yaml of a person's own.
ESPALIER_EXPORT bool holds_run(const std::filesystem::path& directory);

/// [any-thread] Reads it from config.yaml and environment.json. Throws UsageError when the directory holds no
/// run, or when its config is damaged or was changed by hand.
ESPALIER_EXPORT BegunRun begun_run(const std::filesystem::path& directory);

}  // namespace espalier::host
