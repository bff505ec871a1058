#pragma once

#include <string>

#include "espalier/config/component.h"
#include "espalier/host/plugins/plugin_registry.h"

namespace espalier::program {

/// A component as a command line names it: "nasbench201", or "{name: nasbench201, channels: 32}" with its
/// options.
std::string component_text(const Component& component);
/// The same with only those options that differ from the defaults.
std::string component_text(const std::string& kind, const Component& component,
                           host::PluginRegistry& registry);

}  // namespace espalier::program
