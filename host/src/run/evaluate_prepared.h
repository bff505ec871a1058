#pragma once

#include <vector>

#include "espalier/host/run/evaluate.h"
#include "run/prepared_run.h"

namespace espalier::host {

/// What evaluate() does once the plugins of its config are made.
std::vector<TrainedArchitecture> evaluate(const PreparedRun& run, const EvaluateConfig& config,
                                          const RunOptions& options, const PluginRegistry& registry);

}  // namespace espalier::host
