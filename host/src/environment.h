#pragma once

#include <string>

#include "espalier/host/plugin_registry.h"
#include "espalier/host/run_config.h"

namespace espalier::host {

/// The text of environment.json: what a run's results and speed may depend on beyond its config. No
/// dates and times.
std::string environment(const RunConfig& config, const PluginRegistry& registry);

}  // namespace espalier::host
