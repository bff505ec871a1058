#pragma once

#include <string>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// A plugin as a config names it: `name`, or `{name: …, label: …, options}`.
struct ESPALIER_EXPORT Component {
  std::string name;
  std::string label;    ///< names its folder and its rows; by default the plugin's name
  ConfigValue options;  ///< a map, without name and label

  /// [any-thread] Reads a name or a map. `path` ("optimizer") appears in messages. A map may leave the name
  /// out when there is a `default_name`. Throws UsageError for anything else.
  static Component from(const ConfigValue& value, const std::string& path,
                        const std::string& default_name = {});
};

}  // namespace espalier
