#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How a search space is tested, its networks as lists of layers; espalier/contract/network.h runs them.
struct SearchSpaceCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< before ESPALIER_PLUGIN_PATH and Espalier's own
  std::string options = {};                             ///< in YAML; small networks make short tests
  std::string label = {};                               ///< of the suite; the plugin's name unless given
  std::size_t samples = 20;                             ///< architectures that are looked at
  std::size_t networks = 4;                             ///< architectures whose network is looked at
};

ESPALIER_EXPORT std::vector<Rule> search_space_rules(const std::string& name, const SearchSpaceCase& tested);

inline bool register_search_space(const char* file, int line, const std::string& name,
                                  const SearchSpaceCase& tested = {}) {
  return register_rules("SearchSpaceContract/" + (tested.label.empty() ? name : tested.label),
                        search_space_rules(name, tested), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_SEARCH_SPACE_CONTRACT(my_space, {.options = "{channels: 4}"});
#define ESPALIER_SEARCH_SPACE_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_search_space, #name __VA_OPT__(, ) __VA_ARGS__)
