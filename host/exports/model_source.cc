#include "exports/model_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "espalier/exports/identifiers.h"
#include "exports/module_tree.h"
#include "exports/numbered_text.h"
#include "exports/python_lines.h"
#include "exports/torch_layers.h"

namespace espalier::exports {
namespace {

constexpr const char* kIndent = "        ";

/// Writes the classes of a network from its innermost groups outwards, so that groups which hold the same
/// classes can be seen to be alike.
class ModelWriter {
 public:
  explicit ModelWriter(const ExportedNetwork& network)
      : network_(network), graph_(network.graph), tree_(module_tree(graph_)) {}

  std::string run() {
    std::map<int, std::vector<const ModuleTree*>> by_height;
    collect(tree_, by_height);
    for (const auto& [height, groups] : by_height) write_classes(groups);
    std::string text;
    for (const std::string_view helper : helpers_) text += "\n\n" + std::string(helper);
    for (const std::string& written : classes_) text += "\n\n" + written;
    return text;
  }

 private:
  bool is_custom(const ModuleTree& module) const {
    return module.layer >= 0 && node(module.layer).layer.get_if<CustomLayer>() != nullptr;
  }
  const LayerGraph::Node& node(int index) const { return graph_.nodes[static_cast<std::size_t>(index)]; }

  /// What needs a class or a chain of its own, by how deep it is.
  int collect(const ModuleTree& module, std::map<int, std::vector<const ModuleTree*>>& by_height) {
    if (module.layer >= 0 && !is_custom(module)) {
      const std::string_view helper = helper_class(node(module.layer).layer);
      if (!helper.empty()) helpers_.insert(helper);
      return 0;
    }
    if (is_in_place(graph_, module) && &module != &tree_) return 0;
    int height = 0;
    for (const ModuleTree& child : module.children) height = std::max(height, collect(child, by_height));
    by_height[height + 1].push_back(&module);
    return height + 1;
  }

  void write_classes(const std::vector<const ModuleTree*>& groups) {
    std::vector<std::string> order;
    std::map<std::string, std::vector<const ModuleTree*>> alike;
    std::map<const ModuleTree*, std::string> bodies;
    for (const ModuleTree* group : groups) {
      if (const std::string chain = chain_of(*group); !chain.empty()) {
        expressions_[group] = chain;
        continue;
      }
      const std::string body = is_custom(*group) ? custom_body(*group) : body_of(*group);
      const std::string key = with_numbers(body, std::vector<std::string>(numbers_of(body).size(), "#"));
      if (alike[key].empty()) order.push_back(key);
      alike[key].push_back(group);
      bodies[group] = body;
    }
    for (const std::string& key : order) write_class(alike[key], bodies);
  }

  void write_class(const std::vector<const ModuleTree*>& groups,
                   const std::map<const ModuleTree*, std::string>& bodies) {
    std::vector<std::string> texts;
    texts.reserve(groups.size());
    for (const ModuleTree* group : groups) texts.push_back(bodies.at(group));
    const CommonText common = common_text(texts);
    const std::string name = class_name(*groups.front());
    std::string head = "self";
    for (const std::string& argument : common.arguments) head += ", " + argument;
    classes_.push_back(fmt::format("class {}(nn.Module):\n    def __init__({}):\n{}super().__init__()\n{}",
                                   name, head, kIndent, wrapped(common.text)));
    for (std::size_t i = 0; i < groups.size(); ++i) {
      std::vector<std::string> values;
      for (std::size_t k = 0; k < common.arguments.size(); ++k)
        values.push_back(marked(common.arguments[k], common.values[i][k]));
      expressions_[groups[i]] = fmt::format("{}({})", name, fmt::join(values, ", "));
    }
  }

  std::string class_name(const ModuleTree& module) {
    if (&module == &tree_) return "Network";
    std::string name = module.name;
    if (is_custom(module)) name = identifier(node(module.layer).layer.kind());
    while (true) {
      const std::size_t end = name.find_last_not_of("0123456789");
      if (end == std::string::npos || end + 1 == name.size() || name[end] != '_' || end == 0) break;
      name.resize(end);
    }
    name = class_identifier(name);
    std::string unique = name;
    for (int i = 2; !names_.insert(unique).second; ++i) unique = fmt::format("{}{}", name, i);
    return unique;
  }

  /// How a module is made; empty for a layer that is written in place.
  std::string made(const ModuleTree& module) const {
    if (module.layer < 0 && is_in_place(graph_, module)) return {};
    if (module.layer < 0 || is_custom(module)) return expressions_.at(&module);
    if (is_in_place(node(module.layer).layer)) return {};
    return torch_module(graph_, node(module.layer), marked);
  }

  /// A group whose modules follow one another: an nn.Sequential.
  std::string chain_of(const ModuleTree& group) const {
    if (&group == &tree_ || group.layer >= 0) return {};
    std::vector<int> before = inputs_of(graph_, group);
    if (before.size() != 1) return {};
    std::vector<std::string> parts;
    for (const ModuleCall& call : calls_of(graph_, group)) {
      const std::string part = call.path == call.module->name ? made(*call.module) : "";
      if (part.empty() || call.inputs != before || call.outputs.size() != 1) return {};
      if (call.module->layer >= 0 && node(call.module->layer).inputs.size() != 1) return {};
      parts.push_back(fmt::format("{}={}", call.path, part));
      before = call.outputs;
    }
    if (outputs_of(graph_, group) != before) return {};
    return fmt::format("chain({})", fmt::join(parts, ", "));
  }

  std::string body_of(const ModuleTree& group) const {
    std::string init;
    std::set<std::string> taken;
    for (const ModuleTree& child : group.children) {
      taken.insert(child.name);
      if (const std::string part = made(child); !part.empty())
        init += fmt::format("{}self.{} = {}\n", kIndent, child.name, part);
    }
    const std::vector<int> inputs = inputs_of(graph_, group);
    std::map<int, std::string> variables;
    std::string head = "self";
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      std::string name = inputs.size() == 1 ? "x" : fmt::format("x{}", i + 1);
      while (taken.contains(name)) name += "_";
      variables[inputs[i]] = name;
      head += ", " + name;
    }
    return fmt::format("{}\n    def forward({}):\n{}", init, head, forward_of(group, variables));
  }

  /// How the result of a call is called: after the group where a sum is all that the group is.
  static std::string variable_of(const ModuleCall& call, bool in_place, std::set<std::string>& taken) {
    std::string name = call.path;
    if (const std::size_t dot = name.rfind('.'); in_place && dot != std::string::npos) name.resize(dot);
    if (in_place && name == call.path) name += "_";  // "sum" is a function of Python
    std::ranges::replace(name, '.', '_');
    std::string unique = name;
    for (int i = 2; !taken.insert(unique).second; ++i) unique = fmt::format("{}_{}", name, i);
    return unique;
  }

  std::string forward_of(const ModuleTree& group, std::map<int, std::string>& variables) const {
    std::string text;
    std::set<std::string> taken;
    for (const auto& [value, name] : variables) taken.insert(name);
    const std::vector<int> leaving = outputs_of(graph_, group);
    const char* const end = &group == &tree_ ? ".flatten(1)" : "";
    for (const ModuleCall& call : calls_of(graph_, group)) {
      const bool in_place = call.module->layer >= 0 && is_in_place(node(call.module->layer).layer);
      const std::string value = call_text(call, in_place, variables);
      if (call.outputs == leaving && (!in_place || *end == '\0'))
        return fmt::format("{}{}return {}{}\n", text, kIndent, value, end);
      const std::string variable = variable_of(call, in_place, taken);
      std::vector<std::string> given;
      for (std::size_t i = 0; i < call.outputs.size(); ++i) {
        given.push_back(call.outputs.size() == 1 ? variable : fmt::format("{}_{}", variable, i + 1));
        variables[call.outputs[i]] = given.back();
      }
      text += fmt::format("{}{} = {}\n", kIndent, fmt::join(given, ", "), value);
    }
    std::vector<std::string> returned;
    returned.reserve(leaving.size());
    for (const int value : leaving) returned.push_back(variables.at(value));
    return fmt::format("{}{}return {}{}\n", text, kIndent, fmt::join(returned, ", "), end);
  }

  std::string call_text(const ModuleCall& call, bool in_place,
                        const std::map<int, std::string>& variables) const {
    const std::vector<int>& read = call.module->layer >= 0 ? node(call.module->layer).inputs : call.inputs;
    std::vector<std::string> inputs;
    inputs.reserve(read.size());
    for (const int value : read) inputs.push_back(variables.at(value));
    if (!in_place) return fmt::format("self.{}({})", call.path, fmt::join(inputs, ", "));
    const LayerGraph::Node& layer = node(call.module->layer);
    return torch_expression(layer, layer_code(network_, layer, inputs, ""));
  }

  /// A plugin's own layer: its parameters, and the expression that it gives.
  std::string custom_body(const ModuleTree& module) const {
    const LayerGraph::Node& layer = node(module.layer);
    std::string init;
    for (const std::string& weight : weights_of(network_, layer)) {
      std::vector<std::string> sizes;
      for (const std::int64_t size : network_.weights.tensors.at(layer.name + "." + weight).shape)
        sizes.push_back(marked("channels", size));
      init += fmt::format("{}self.{} = nn.Parameter(torch.zeros([{}]))\n", kIndent, weight,
                          fmt::join(sizes, ", "));
    }
    std::vector<std::string> inputs;
    for (std::size_t i = 0; i < layer.inputs.size(); ++i)
      inputs.push_back(layer.inputs.size() == 1 ? "x" : fmt::format("x{}", i + 1));
    return fmt::format("{}\n    def forward(self, {}):\n{}return {}\n", init, fmt::join(inputs, ", "),
                       kIndent, torch_expression(layer, layer_code(network_, layer, inputs, "self.")));
  }

  const ExportedNetwork& network_;
  const LayerGraph& graph_;
  ModuleTree tree_;
  std::map<const ModuleTree*, std::string> expressions_;
  std::set<std::string_view> helpers_;
  std::vector<std::string> classes_;
  std::set<std::string> names_ = {"Network", "FullyConnected", "ChannelNorm", "Slice",
                                  "Shift",   "Zeros",          "Path",        "OrderedDict"};
};

constexpr std::string_view kHead = R"py(
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn


def chain(**modules):
    """Modules that follow one another, with their names."""
    return nn.Sequential(OrderedDict(modules))
)py";

constexpr std::string_view kLoadSafetensors = R"py(

def load(folder=Path(__file__).parent):
    """The trained network, ready for inference: images [N, channels, height, width] to logits [N, classes]."""
    from safetensors.torch import load_file

    network = Network()
    network.load_state_dict(load_file(str(Path(folder) / "weights.safetensors")))
    return network.eval()
)py";

constexpr std::string_view kLoad = R"py(

def load(folder=Path(__file__).parent):
    """The trained network, ready for inference: images [N, channels, height, width] to logits [N, classes]."""
    network = Network()
    network.load_state_dict(torch.load(Path(folder) / "weights.pt", map_location="cpu"))
    return network.eval()
)py";

}  // namespace

std::string python_literal(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
}

std::string model_source(const ExportedNetwork& network, ModelWeights weights) {
  return fmt::format(
      "\"\"\"A network in plain PyTorch: an architecture of the search space {}.\"\"\"\n{}\n\nARCHITECTURE = "
      "{}{}{}",
      identifier(network.space), kHead, python_literal(network.architecture), ModelWriter(network).run(),
      weights == ModelWeights::safetensors ? kLoadSafetensors : kLoad);
}

std::string torch_script_source(const ExportedNetwork& network) {
  std::string source = "def forward(self, x):\n";
  const auto variable = [](int value) {
    return value == LayerGraph::kInput ? std::string("x") : fmt::format("v{}", value);
  };
  for (std::size_t i = 0; i < network.graph.nodes.size(); ++i) {
    const LayerGraph::Node& node = network.graph.nodes[i];
    std::vector<std::string> inputs;
    inputs.reserve(node.inputs.size());
    for (const int value : node.inputs) inputs.push_back(variable(value));
    const LayerCode code = layer_code(network, node, std::move(inputs), "self." + node.name + ".");
    source += fmt::format("    {} = {}\n", variable(static_cast<int>(i)), torch_expression(node, code));
  }
  return source + fmt::format("    return torch.flatten({}, 1)\n",
                              variable(static_cast<int>(network.graph.nodes.size()) - 1));
}

}  // namespace espalier::exports
