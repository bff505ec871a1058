#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How a search space is tested. Its networks are tested as lists of layers; espalier/contract/network.h runs
/// them.
struct SearchSpaceCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< searched before ESPALIER_PLUGIN_PATH
  std::string options = {};                             ///< in YAML; small networks make the tests short
  std::string label = {};    ///< the name of the suite; empty means the plugin's name
  std::size_t samples = 20;  ///< how many architectures each rule draws
  std::size_t networks = 4;  ///< how many architectures' networks are tested
  /// Whether mutate() may change more than one choice at once, so that a mutant need not be a neighbour.
  bool mutants_jump = false;
  /// Whether different architectures may have equal networks, such as isomorphic cells. They may then share a
  /// string.
  bool equal_networks = false;
};

ESPALIER_EXPORT std::vector<Rule> search_space_rules(const std::string& name, const SearchSpaceCase& how);

inline bool register_search_space(const char* file, int line, const std::string& name,
                                  const SearchSpaceCase& how = {}) {
  return register_rules("SearchSpaceContract/" + (how.label.empty() ? name : how.label),
                        search_space_rules(name, how), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_SEARCH_SPACE_CONTRACT(my_space, {.options = "{channels: 4}"});
#define ESPALIER_SEARCH_SPACE_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_search_space, #name __VA_OPT__(, ) __VA_ARGS__)
