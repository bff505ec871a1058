#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/companion.h"
#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How a predictor is tested.
struct PredictorCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< searched before ESPALIER_PLUGIN_PATH
  std::string options = {};                             ///< in YAML; short fits make the tests short
  std::string label = {};              ///< the name of the suite; empty means the plugin's name
  std::vector<Companion> spaces = {};  ///< fitted to in addition to the spaces of the suite
  std::size_t architectures = 60;      ///< how many each fit has
};

ESPALIER_EXPORT std::vector<Rule> predictor_rules(const std::string& name, const PredictorCase& how);

inline bool register_predictor(const char* file, int line, const std::string& name,
                               const PredictorCase& how = {}) {
  return register_rules("PredictorContract/" + (how.label.empty() ? name : how.label),
                        predictor_rules(name, how), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_PREDICTOR_CONTRACT(my_predictor, {.options = "{epochs: 20}"});
#define ESPALIER_PREDICTOR_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_predictor, #name __VA_OPT__(, ) __VA_ARGS__)
