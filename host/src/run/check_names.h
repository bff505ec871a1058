#pragma once

#include "espalier/host/config/run_config.h"
#include "espalier/host/plugins/plugin_registry.h"

namespace espalier::host {

/// Throws what PluginRegistry::find() throws for a plugin of the config that does not exist, and UsageError
/// for the results of a paper under a misspelt label. A misspelt name causes other errors, about what it
/// brings or needs: this comes before any plugin is made.
void check_names(const RunConfig& config, const PluginRegistry& registry);

}  // namespace espalier::host
