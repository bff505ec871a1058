#pragma once

#include <memory>

#include "espalier/config.h"
#include "espalier/host/plugin_registry.h"
#include "espalier/plugin.h"

namespace espalier::host {

/// Loads a plugin file without a problem, for the rest of the process's life, and returns what it
/// exports. Throws Error naming the file, and the missing symbol where one is.
const PluginDescriptor& load_plugin(const PluginFile& file);

/// Calls the plugin's constructor. Its own errors pass; whatever else it throws becomes an Error that
/// names the plugin and its file.
std::unique_ptr<Plugin> construct_plugin(const PluginDescriptor& descriptor, const PluginFile& file,
                                         const Config& config);

}  // namespace espalier::host
