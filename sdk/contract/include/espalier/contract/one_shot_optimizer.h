#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How an optimizer that learns in a supernet (OneShotOptimizer) is tested. Needs LibTorch: link
/// espalier::contract_network.
struct OneShotOptimizerCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< before ESPALIER_PLUGIN_PATH and Espalier's own
  std::string options = {};                             ///< in YAML
  std::string label = {};                               ///< of the suite; the plugin's name unless given
};

ESPALIER_EXPORT std::vector<Rule> one_shot_optimizer_rules(const std::string& name,
                                                           const OneShotOptimizerCase& tested);

inline bool register_one_shot_optimizer(const char* file, int line, const std::string& name,
                                        const OneShotOptimizerCase& tested = {}) {
  return register_rules("OneShotOptimizerContract/" + (tested.label.empty() ? name : tested.label),
                        one_shot_optimizer_rules(name, tested), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(my_optimizer, {.options = "{tau_max: 5}"});
#define ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_one_shot_optimizer, #name __VA_OPT__(, ) __VA_ARGS__)
