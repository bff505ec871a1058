#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How the networks of a search space are run; espalier/contract/search_space.h tests them only as lists of
/// layers. It needs LibTorch: link espalier::contract_network.
struct NetworkCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< searched before ESPALIER_PLUGIN_PATH
  std::string options = {};                             ///< in YAML; small networks make the tests short
  std::string label = {};         ///< the name of the suite; empty means the space's name
  std::size_t architectures = 3;  ///< how many architectures' networks are run
};

ESPALIER_EXPORT std::vector<Rule> network_rules(const std::string& name, const NetworkCase& how);

inline bool register_network(const char* file, int line, const std::string& name,
                             const NetworkCase& how = {}) {
  return register_rules("NetworkContract/" + (how.label.empty() ? name : how.label), network_rules(name, how),
                        file, line);
}

}  // namespace espalier::contract

/// ESPALIER_NETWORK_CONTRACT(my_space, {.options = "{channels: 4, image_size: 8}"});
#define ESPALIER_NETWORK_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_network, #name __VA_OPT__(, ) __VA_ARGS__)
