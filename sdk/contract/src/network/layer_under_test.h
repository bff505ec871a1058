#pragma once

#include <memory>
#include <string>
#include <vector>

#include "espalier/contract/layer.h"
#include "rules/plugin_under_test.h"

namespace espalier::contract {

/// A layer, and what enters it. It lives in a space, whose plugin holds its code.
struct LayerUnderTest {
  std::unique_ptr<SearchSpace> space;
  std::shared_ptr<const ModuleLayer> layer;
  std::vector<Shape> inputs;
};

/// Where rules find the layer: each looks it up anew.
class LayerCaseUnderTest {
 public:
  LayerCaseUnderTest(const std::string& space, const LayerCase& how)
      : plugin_("search_space", space, how.plugin_path, how.options), kind_(how.kind), inputs_(how.inputs) {}

  LayerUnderTest make() const {
    auto space = plugin_.make<SearchSpace>();
    FoundLayer found = find_layer(*space, kind_);
    return {.space = std::move(space),
            .layer = std::move(found.layer),
            .inputs = inputs_.empty() ? std::move(found.inputs) : inputs_};
  }

 private:
  PluginUnderTest plugin_;
  std::string kind_;
  std::vector<Shape> inputs_;
};

}  // namespace espalier::contract
