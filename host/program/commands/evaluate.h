#pragma once

#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/run/evaluate.h"
#include "run_arguments.h"

namespace espalier::program {

/// Trains or finishes the trainings of an architecture and prints what they gave, in JSON or text; writes a
/// report where the arguments ask for one. Throws what host::evaluate() throws.
void evaluate_and_print(const host::EvaluateConfig& config, const host::RunOptions& options,
                        host::PluginRegistry& registry, const RunArguments& arguments);

}  // namespace espalier::program
