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

/// What a trainer searches with. Without an optimizer: the suite's own small space, benchmark and discrete
/// optimizer.
struct SearchWith {
  Companion optimizer = {};
  Companion space = {};
  Companion benchmark = {};  ///< none unless given
  Companion dataset = {};    ///< none unless given
};

/// What a trainer trains from scratch.
struct TrainingOf {
  Companion space = {};
  Companion dataset = {};
};

/// How a trainer is tested: on a search, on a training from scratch, or on both.
struct TrainerCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< before ESPALIER_PLUGIN_PATH and Espalier's own
  std::string options = {};                             ///< in YAML; few and small steps make short tests
  std::string label = {};                               ///< of the suite; the plugin's name unless given
  std::optional<SearchWith> search = SearchWith{};      ///< std::nullopt for one that does not search
  std::optional<TrainingOf> training = std::nullopt;    ///< for one that trains from scratch
};

ESPALIER_EXPORT std::vector<Rule> trainer_rules(const std::string& name, const TrainerCase& tested);

inline bool register_trainer(const char* file, int line, const std::string& name,
                             const TrainerCase& tested = {}) {
  return register_rules("TrainerContract/" + (tested.label.empty() ? name : tested.label),
                        trainer_rules(name, tested), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_TRAINER_CONTRACT(my_trainer, {.options = "{trials: 20}"});
#define ESPALIER_TRAINER_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_trainer, #name __VA_OPT__(, ) __VA_ARGS__)
