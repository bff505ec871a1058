#pragma once

#include <string>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// A plugin as a config names it: `name`, or `{name: …, label: …, options}`.
struct ESPALIER_EXPORT Component {
  std::string name;
  std::string label;    ///< names its folder and its rows; the plugin's name unless given
  ConfigValue options;  ///< a map, without name and label

  /// Throws UsageError when `value` is neither a name nor a map with a name. `path` ("optimizer") is
  /// for messages. A map may leave the name out where there is a default.
  static Component from(const ConfigValue& value, const std::string& path,
                        const std::string& default_name = {});
};

}  // namespace espalier::host
