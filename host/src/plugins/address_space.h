#pragma once

#include "espalier/host/plugins/plugin_registry.h"

namespace espalier::host {

/// Throws Error where the limit on address space (ulimit -v) leaves too little for LibTorch, for a plugin
/// that is built with it: beyond that limit OpenBLAS tries again without end, and OpenMP ends the program.
void check_address_space(const PluginFile& file);

}  // namespace espalier::host
