#pragma once

#include <cstdint>
#include <string>

#include "espalier/export.h"
#include "espalier/host/component.h"
#include "espalier/host/plugin_registry.h"
#include "espalier/host/run.h"
#include "espalier/host/summary.h"

namespace espalier::host {

/// An architecture to train from scratch.
struct EvaluateConfig {
  Component search_space;
  std::string architecture;  ///< in any form that the space parses
  Component dataset;
  Component trainer;
  std::uint64_t seed = 0;  ///< of weights and batches
};

/// Trains and tests it. What the directory already holds of the same is not done again; an interrupted
/// training goes on from its checkpoint.
///
///     DIR/config.yaml, environment.json    as of run()
///     DIR/evaluation/                      events.jsonl, network.pt (the weights), result.json
///
/// Throws what run() does.
ESPALIER_EXPORT TrainedArchitecture evaluate(const EvaluateConfig& config, const RunOptions& options,
                                             PluginRegistry& registry);

}  // namespace espalier::host
