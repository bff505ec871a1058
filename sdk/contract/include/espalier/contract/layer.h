#pragma once

#include <memory>
#include <string>
#include <vector>

#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/network/compile/module_layer.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How a layer that a plugin brings is tested. It needs LibTorch: link espalier::contract_network.
struct LayerCase {
  std::shared_ptr<const ModuleLayer> layer = {};
  std::vector<Shape> inputs = {};  ///< the shape of each input
};

ESPALIER_EXPORT std::vector<Rule> layer_rules(const LayerCase& how);

inline bool register_layer(const char* file, int line, const std::string& label, const LayerCase& how) {
  return register_rules("LayerContract/" + label, layer_rules(how), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_LAYER_CONTRACT(my_layer, {.layer = std::make_shared<MyLayer>(), .inputs = {{16, 8, 8}}});
#define ESPALIER_LAYER_CONTRACT(label, ...) ESPALIER_CONTRACT(register_layer, #label, __VA_ARGS__)
