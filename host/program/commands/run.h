#pragma once

#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/run/run.h"
#include "run_arguments.h"

namespace espalier::program {

/// Runs or finishes a run and prints its summary, in JSON as summary.json holds it; writes its report where
/// the arguments ask for one. Throws what host::run() throws.
void run_and_print(const host::RunConfig& config, const host::RunOptions& options,
                   host::PluginRegistry& registry, const RunArguments& arguments);

}  // namespace espalier::program
