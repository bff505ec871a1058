#pragma once

#include <chrono>

#include "espalier/host/plugins/plugin_registry.h"

namespace espalier::host {

/// Loads a plugin file without a problem in a child process, and notes as its problem what happens there: an
/// error, a crash, an exit, or that it has not ended within the limit. Call it while the process has one
/// thread. Throws Error when the system grants no process.
void load_in_child(PluginFile& plugin, std::chrono::duration<double> limit);

}  // namespace espalier::host
