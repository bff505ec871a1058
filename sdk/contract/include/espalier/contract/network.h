#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How the networks of a search space are run, beside what espalier/contract/search_space.h looks at. Needs
/// LibTorch: link espalier::contract_network.
struct NetworkCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< before ESPALIER_PLUGIN_PATH and Espalier's own
  std::string options = {};                             ///< in YAML; small networks make short tests
  std::string label = {};                               ///< of the suite; the space's name unless given
  std::size_t architectures = 3;                        ///< whose networks are run
};

ESPALIER_EXPORT std::vector<Rule> network_rules(const std::string& name, const NetworkCase& tested);

inline bool register_network(const char* file, int line, const std::string& name,
                             const NetworkCase& tested = {}) {
  return register_rules("NetworkContract/" + (tested.label.empty() ? name : tested.label),
                        network_rules(name, tested), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_NETWORK_CONTRACT(my_space, {.options = "{channels: 4, image_size: 8}"});
#define ESPALIER_NETWORK_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_network, #name __VA_OPT__(, ) __VA_ARGS__)
