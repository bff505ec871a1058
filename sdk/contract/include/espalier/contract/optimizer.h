#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/companion.h"
#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How an optimizer that asks for one architecture after another (DiscreteOptimizer) is tested.
struct OptimizerCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< before ESPALIER_PLUGIN_PATH and Espalier's own
  std::string options = {};                             ///< in YAML: "{population_size: 10}"
  std::string label = {};                               ///< of the suite; the plugin's name unless given
  std::vector<Companion> spaces = {};                   ///< to search beside the suite's own
  bool random = true;  ///< false: it draws nothing, and every seed gives one search
  int trials = 60;     ///< of each search
};

ESPALIER_EXPORT std::vector<Rule> optimizer_rules(const std::string& name, const OptimizerCase& tested);

inline bool register_optimizer(const char* file, int line, const std::string& name,
                               const OptimizerCase& tested = {}) {
  return register_rules("OptimizerContract/" + (tested.label.empty() ? name : tested.label),
                        optimizer_rules(name, tested), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_OPTIMIZER_CONTRACT(my_optimizer, {.options = "{population_size: 10}"});
#define ESPALIER_OPTIMIZER_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_optimizer, #name __VA_OPT__(, ) __VA_ARGS__)
