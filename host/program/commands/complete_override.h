#pragma once

#include <string>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/host/plugins/plugin_registry.h"

namespace espalier::program {

/// What "key.path=value" could become that begins as `partial`: keys of the config and options of the plugins
/// that it names, "trainer.trials=", and behind the '=' the names of plugins and the choices of an option.
std::vector<std::string> complete_override(host::PluginRegistry& registry, const ConfigValue& config,
                                           const std::string& partial);

}  // namespace espalier::program
