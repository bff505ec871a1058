#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "espalier/contract/companion.h"
#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// What a trainer searches with. Without an optimizer, these are a small space, a benchmark and a discrete
/// optimizer of the suite.
struct SearchWith {
  Companion optimizer = {};
  Companion space = {};
  Companion benchmark = {};  ///< empty means none
  Companion dataset = {};    ///< empty means none
};

/// What a trainer trains from scratch.
struct TrainingOf {
  Companion space = {};
  Companion dataset = {};
};

/// How a trainer is tested: in a search, in a training from scratch, or in both.
struct TrainerCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< searched before ESPALIER_PLUGIN_PATH
  std::string options = {};                             ///< in YAML; few and small steps make the tests short
  std::string label = {};                           ///< the name of the suite; empty means the plugin's name
  std::optional<SearchWith> search = SearchWith{};  ///< std::nullopt if the trainer does not search
  std::optional<TrainingOf> training = std::nullopt;  ///< given if the trainer trains from scratch
};

ESPALIER_EXPORT std::vector<Rule> trainer_rules(const std::string& name, const TrainerCase& how);

inline bool register_trainer(const char* file, int line, const std::string& name,
                             const TrainerCase& how = {}) {
  return register_rules("TrainerContract/" + (how.label.empty() ? name : how.label), trainer_rules(name, how),
                        file, line);
}

}  // namespace espalier::contract

/// ESPALIER_TRAINER_CONTRACT(my_trainer, {.options = "{trials: 20}"});
#define ESPALIER_TRAINER_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_trainer, #name __VA_OPT__(, ) __VA_ARGS__)
