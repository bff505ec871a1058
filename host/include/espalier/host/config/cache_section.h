#pragma once

#include <filesystem>
#include <optional>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// The key `cache:` of a config: a folder that keeps trainings from scratch, so that other runs reuse them.
/// No result depends on it.
///
///     cache: ~/trainings        # a relative path begins at the folder of the config
struct CacheSection {
  std::filesystem::path folder;  ///< absolute
  Location where = {};           ///< of the value, for messages

  /// [any-thread] Reads the key of a whole config; nothing where it is missing. Throws UsageError for
  /// anything that is no path.
  static ESPALIER_EXPORT std::optional<CacheSection> from(const ConfigValue& config);

  /// [any-thread] The value as a config has it.
  ESPALIER_EXPORT ConfigValue to_config() const;
};

}  // namespace espalier::host
