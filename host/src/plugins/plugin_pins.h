#pragma once

#include "espalier/config/config_value.h"
#include "espalier/host/plugins/plugin_registry.h"

namespace espalier::host {

/// Reads `plugins: {require: {KIND/NAME: SHA-256}}`, the value of its key. Throws UsageError.
PluginPins parse_plugin_pins(const ConfigValue& value);

}  // namespace espalier::host
