#include "space/networks.h"

#include <fmt/format.h>

#include <algorithm>

namespace espalier::contract {

LayerGraph network_of(const SearchSpace& space, const Architecture& architecture) {
  return flatten(space.instantiate(architecture), space.input_shape(), Purpose::evaluation);
}

std::string listing(const LayerGraph& layers) {
  std::string text;
  for (const LayerGraph::Node& node : layers.nodes)
    text += fmt::format("{} {} <- {}\n", node.name, node.layer.describe(), fmt::join(node.inputs, ","));
  return text;
}

std::vector<int> NetworkForms::of(const LayerGraph& layers) {
  std::vector<int> forms;
  for (const LayerGraph::Node& node : layers.nodes) {
    std::vector<int> entering;
    for (const int input : node.inputs)
      entering.push_back(input == LayerGraph::kInput ? LayerGraph::kInput
                                                     : forms[static_cast<std::size_t>(input)]);
    std::ranges::sort(entering);
    const int next = static_cast<int>(known_.size());
    forms.push_back(known_.try_emplace({node.layer.describe(), std::move(entering)}, next).first->second);
  }
  std::ranges::sort(forms);
  return forms;
}

}  // namespace espalier::contract
