#pragma once

#include <memory>
#include <string>

#include "espalier/config/config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/plugin/plugin.h"

namespace espalier::host {

/// Loads a plugin file without a problem, for the rest of the process's life. Throws Error naming the file,
/// and the missing symbol where one is; before any of its code runs when its SHA-256 is not the `required`
/// one, where that is not empty.
LoadedPlugin load_plugin(const PluginFile& file, const std::string& required = {});

/// What errors call the plugin: "optimizer 'gdas' (lib/espalier/plugins/gdas.so)".
std::string origin_of(const PluginFile& file);

/// Calls the plugin's constructor. What it throws becomes an Error that names the plugin and its file, as of
/// call_plugin().
std::unique_ptr<Plugin> construct_plugin(const PluginDescriptor& descriptor, const PluginFile& file,
                                         const Config& config);

}  // namespace espalier::host
