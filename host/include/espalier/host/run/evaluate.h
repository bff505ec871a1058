#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/config/component.h"
#include "espalier/config/config_value.h"
#include "espalier/host/config/cache_section.h"
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
  std::uint64_t seed = 0;  ///< of the weights and batches, when the section names none
  std::optional<CacheSection> cache = {};
  Location where = {};  ///< of the architecture, for messages
  /// How a command line changes the epochs, for a notice.
  std::string epochs_option = "epochs";

  /// [any-thread] Whether a config names an architecture to train in place of optimizers that search.
  static bool is_form_of(const ConfigValue& config) { return config.find("architecture") != nullptr; }
  /// [any-thread] Reads a config with `architecture:`, such as the config.yaml of a directory that evaluate()
  /// wrote. Throws UsageError for anything that does not have its form.
  static ESPALIER_EXPORT EvaluateConfig from(const ConfigValue& config);
};

/// [one-thread] Trains and tests it, once or with each seed of the section: a run of one phase. Results that
/// the directory holds already are not computed again, and an interrupted training continues from its
/// checkpoint.
///
///     DIR/config.yaml, environment.json    as of run()
///     DIR/evaluation/                      events.jsonl, network.safetensors (the weights), result.json
///     DIR/evaluation/seed_0/               the same for each seed of the section
///
/// Throws what run() throws.
ESPALIER_EXPORT std::vector<TrainedArchitecture> evaluate(const EvaluateConfig& config,
                                                          const RunOptions& options,
                                                          PluginRegistry& registry);

}  // namespace espalier::host
