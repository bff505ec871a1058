#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How an optimizer that learns in a supernet (OneShotOptimizer) is tested. It needs LibTorch: link
/// espalier::contract_network.
struct OneShotOptimizerCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< searched before ESPALIER_PLUGIN_PATH
  std::string options = {};                             ///< in YAML
  std::string label = {};  ///< the name of the suite; empty means the plugin's name
  /// False if the optimizer learns no architecture parameters while it trains the supernet, for example
  /// because it trains one random path after another.
  bool learns_architecture = true;
};

ESPALIER_EXPORT std::vector<Rule> one_shot_optimizer_rules(const std::string& name,
                                                           const OneShotOptimizerCase& how);

inline bool register_one_shot_optimizer(const char* file, int line, const std::string& name,
                                        const OneShotOptimizerCase& how = {}) {
  return register_rules("OneShotOptimizerContract/" + (how.label.empty() ? name : how.label),
                        one_shot_optimizer_rules(name, how), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(my_optimizer, {.options = "{tau_max: 5}"});
#define ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_one_shot_optimizer, #name __VA_OPT__(, ) __VA_ARGS__)
