#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/network/compile/module_layer.h"
#include "espalier/plugin/export.h"
#include "espalier/space/search_space.h"

namespace espalier::contract {

/// How a layer that a plugin brings is tested: in a search space of the plugin that uses it. It needs
/// LibTorch: link espalier::contract_network.
struct LayerCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< searched before ESPALIER_PLUGIN_PATH
  std::string options = {};        ///< of the space, in YAML; small networks make the tests short
  std::string label = {};          ///< the name of the suite; empty means the space's name
  std::string kind = {};           ///< the layer's kind(); empty means the first of a plugin's own layers
  std::vector<Shape> inputs = {};  ///< the shape of each input; empty means those in the space
};

/// A layer of a plugin's own, and what enters it.
struct FoundLayer {
  std::shared_ptr<const ModuleLayer> layer;
  std::vector<Shape> inputs;
};

/// The first layer of that kind in the supernet of a space; an empty kind means the first of a plugin's own
/// layers. The space, whose plugin holds the code of the layer, must outlive it. Throws Error that lists the
/// kinds that there are when there is no such layer.
ESPALIER_EXPORT FoundLayer find_layer(const SearchSpace& space, const std::string& kind = {});

ESPALIER_EXPORT std::vector<Rule> layer_rules(const std::string& space, const LayerCase& how);

inline bool register_layer(const char* file, int line, const std::string& space, const LayerCase& how = {}) {
  return register_rules("LayerContract/" + (how.label.empty() ? space : how.label), layer_rules(space, how),
                        file, line);
}

}  // namespace espalier::contract

/// ESPALIER_LAYER_CONTRACT(my_space, {.options = "{channels: 4}", .kind = "my_layer"});
#define ESPALIER_LAYER_CONTRACT(space, ...) \
  ESPALIER_CONTRACT(register_layer, #space __VA_OPT__(, ) __VA_ARGS__)
