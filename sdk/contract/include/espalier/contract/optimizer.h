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
  std::vector<std::filesystem::path> plugin_path = {};  ///< searched before ESPALIER_PLUGIN_PATH
  std::string options = {};                             ///< in YAML: "{population_size: 10}"
  std::string label = {};              ///< the name of the suite; empty means the plugin's name
  std::vector<Companion> spaces = {};  ///< searched in addition to the spaces of the suite
  bool random = true;  ///< false if the optimizer draws nothing, so that all seeds give the same search
  int trials = 60;     ///< how many trials each search has
};

ESPALIER_EXPORT std::vector<Rule> optimizer_rules(const std::string& name, const OptimizerCase& how);

inline bool register_optimizer(const char* file, int line, const std::string& name,
                               const OptimizerCase& how = {}) {
  return register_rules("OptimizerContract/" + (how.label.empty() ? name : how.label),
                        optimizer_rules(name, how), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_OPTIMIZER_CONTRACT(my_optimizer, {.options = "{population_size: 10}"});
#define ESPALIER_OPTIMIZER_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_optimizer, #name __VA_OPT__(, ) __VA_ARGS__)
