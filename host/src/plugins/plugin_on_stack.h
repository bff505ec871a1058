#pragma once

#include <string>

namespace espalier::host {

/// The plugin whose code this thread is in, as errors call it, though no PluginCall says so: a thread of the
/// plugin's own. Empty when there is none.
std::string plugin_on_stack();

}  // namespace espalier::host
