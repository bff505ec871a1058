#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How a dataset is tested.
struct DatasetCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< before ESPALIER_PLUGIN_PATH and Espalier's own
  std::string options = {};                             ///< in YAML; few images make short tests
  std::string label = {};                               ///< of the suite; the plugin's name unless given
  /// Options with which its files are not to be found, "{folder: nowhere}"; none for one without files.
  std::string without_files = {};
};

ESPALIER_EXPORT std::vector<Rule> dataset_rules(const std::string& name, const DatasetCase& tested);

inline bool register_dataset(const char* file, int line, const std::string& name,
                             const DatasetCase& tested = {}) {
  return register_rules("DatasetContract/" + (tested.label.empty() ? name : tested.label),
                        dataset_rules(name, tested), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_DATASET_CONTRACT(my_dataset, {.options = "{folder: tests/data}"});
#define ESPALIER_DATASET_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_dataset, #name __VA_OPT__(, ) __VA_ARGS__)
