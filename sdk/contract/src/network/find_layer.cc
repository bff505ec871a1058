#include <fmt/format.h>

#include <set>

#include "espalier/contract/layer.h"
#include "espalier/errors/errors.h"
#include "espalier/plan/layer_graph.h"

namespace espalier::contract {

FoundLayer find_layer(const SearchSpace& space, const std::string& kind) {
  const LayerGraph layers = flatten(space.graph(), space.input_shape(), Purpose::search);
  std::set<std::string_view> others;
  for (const LayerGraph::Node& node : layers.nodes) {
    const auto* const custom = node.layer.get_if<CustomLayer>();
    auto found =
        custom != nullptr ? std::dynamic_pointer_cast<const ModuleLayer>(custom->definition) : nullptr;
    if (!found) continue;
    if (!kind.empty() && found->kind() != kind) {
      others.insert(node.layer.kind());
      continue;
    }
    std::vector<Shape> inputs;
    for (const int input : node.inputs)
      inputs.push_back(input == LayerGraph::kInput ? layers.input
                                                   : layers.nodes[static_cast<std::size_t>(input)].shape);
    return {.layer = std::move(found), .inputs = std::move(inputs)};
  }
  throw Error(
      {.what = kind.empty()
                   ? fmt::format("the space \"{}\" uses no layer of a plugin's own", space.name())
                   : fmt::format("the space \"{}\" uses no layer of the kind \"{}\"", space.name(), kind),
       .expected = others.empty() ? std::string("a CustomLayer with a ModuleLayer in its graph")
                                  : fmt::format("one of {}", fmt::join(others, ", "))});
}

}  // namespace espalier::contract
