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
  std::vector<std::filesystem::path> plugin_path = {};  ///< searched before ESPALIER_PLUGIN_PATH
  std::string options = {};                             ///< in YAML; few images make the tests short
  std::string label = {};  ///< the name of the suite; empty means the plugin's name
  /// Options with which the dataset does not find its files, "{folder: nowhere}"; empty if it needs no files.
  std::string without_files = {};
};

ESPALIER_EXPORT std::vector<Rule> dataset_rules(const std::string& name, const DatasetCase& how);

inline bool register_dataset(const char* file, int line, const std::string& name,
                             const DatasetCase& how = {}) {
  return register_rules("DatasetContract/" + (how.label.empty() ? name : how.label), dataset_rules(name, how),
                        file, line);
}

}  // namespace espalier::contract

/// ESPALIER_DATASET_CONTRACT(my_dataset, {.options = "{folder: tests/data}"});
#define ESPALIER_DATASET_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_dataset, #name __VA_OPT__(, ) __VA_ARGS__)
