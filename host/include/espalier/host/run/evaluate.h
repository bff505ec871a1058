#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "espalier/host/config/component.h"
#include "espalier/host/config/evaluate_section.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/report/summary.h"
#include "espalier/host/run/run.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// An architecture to train from scratch.
struct EvaluateConfig {
  Component search_space;
  std::string architecture;  ///< in any form that the space parses
  Component dataset;
  EvaluateSection evaluate;
  std::uint64_t seed = 0;  ///< of weights and batches, where the section names none
};

/// Trains and tests it, once or with each seed of the section. What the directory already holds of the same
/// is not done again; an interrupted training goes on from its checkpoint.
///
///     DIR/config.yaml, environment.json    as of run()
///     DIR/evaluation/                      events.jsonl, network.pt (the weights), result.json
///     DIR/evaluation/seed_0/               the same with the seeds of the section
///
/// Throws what run() does.
ESPALIER_EXPORT std::vector<TrainedArchitecture> evaluate(const EvaluateConfig& config,
                                                          const RunOptions& options,
                                                          PluginRegistry& registry);

}  // namespace espalier::host
