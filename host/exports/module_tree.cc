#include "exports/module_tree.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "exports/torch_layers.h"

namespace espalier::exports {
namespace {

void insert(ModuleTree& tree, std::string_view path, int layer) {
  tree.members.push_back(layer);
  const std::size_t dot = path.find('.');
  const std::string name(path.substr(0, dot));
  auto child =
      std::ranges::find_if(tree.children, [&](const ModuleTree& known) { return known.name == name; });
  if (child == tree.children.end()) {
    tree.children.push_back({.name = name, .layer = -1, .members = {}, .children = {}});
    child = std::prev(tree.children.end());
  }
  if (dot == std::string_view::npos) {
    child->layer = layer;
    child->members = {layer};
  } else {
    insert(*child, path.substr(dot + 1), layer);
  }
}

ModuleCall call_of(const LayerGraph& graph, const ModuleTree& module, std::string path) {
  return {.module = &module,
          .path = std::move(path),
          .inputs = inputs_of(graph, module),
          .outputs = outputs_of(graph, module)};
}

void add_calls(const LayerGraph& graph, const ModuleTree& module, const std::string& path,
               std::vector<ModuleCall>& calls) {
  if (module.layer >= 0 || !is_in_place(graph, module)) return calls.push_back(call_of(graph, module, path));
  for (const ModuleTree& child : module.children) add_calls(graph, child, path + "." + child.name, calls);
}

/// The calls in an order in which each finds its inputs; what is left over stands in a circle.
std::vector<ModuleCall> ordered(std::vector<ModuleCall>& calls, const std::set<int>& inner) {
  std::set<int> there;
  std::vector<ModuleCall> order;
  for (bool found = true; found;) {
    found = false;
    for (auto call = calls.begin(); call != calls.end();) {
      const bool ready = std::ranges::all_of(
          call->inputs, [&](int value) { return !inner.contains(value) || there.contains(value); });
      if (!ready) {
        ++call;
        continue;
      }
      there.insert(call->outputs.begin(), call->outputs.end());
      order.push_back(std::move(*call));
      call = calls.erase(call);
      found = true;
      break;
    }
  }
  return order;
}

}  // namespace

ModuleTree module_tree(const LayerGraph& graph) {
  ModuleTree tree;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) insert(tree, graph.nodes[i].name, static_cast<int>(i));
  return tree;
}

bool is_in_place(const LayerGraph& graph, const ModuleTree& module) {
  return std::ranges::all_of(module.members, [&](int member) {
    return is_in_place(graph.nodes[static_cast<std::size_t>(member)].layer);
  });
}

std::vector<ModuleCall> calls_of(const LayerGraph& graph, const ModuleTree& group) {
  const std::set<int> inner(group.members.begin(), group.members.end());
  std::vector<ModuleCall> calls;
  for (const ModuleTree& child : group.children) add_calls(graph, child, child.name, calls);
  while (true) {
    std::vector<ModuleCall> waiting = calls;
    std::vector<ModuleCall> order = ordered(waiting, inner);
    if (waiting.empty()) return order;
    const auto first_group =
        std::ranges::find_if(waiting, [](const ModuleCall& call) { return call.module->layer < 0; });
    const auto apart = std::ranges::find_if(
        calls, [&](const ModuleCall& call) { return call.module == first_group->module; });
    const ModuleCall taken = *apart;
    calls.erase(apart);
    for (const ModuleTree& child : taken.module->children)
      add_calls(graph, child, taken.path + "." + child.name, calls);
  }
}

std::vector<int> inputs_of(const LayerGraph& graph, const ModuleTree& module) {
  const std::set<int> inner(module.members.begin(), module.members.end());
  std::vector<int> inputs;
  for (const int member : module.members)
    for (const int value : graph.nodes[static_cast<std::size_t>(member)].inputs)
      if (!inner.contains(value) && std::ranges::find(inputs, value) == inputs.end()) inputs.push_back(value);
  return inputs;
}

std::vector<int> outputs_of(const LayerGraph& graph, const ModuleTree& module) {
  const std::set<int> inner(module.members.begin(), module.members.end());
  std::set<int> read;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (inner.contains(static_cast<int>(i))) continue;
    for (const int value : graph.nodes[i].inputs)
      if (inner.contains(value)) read.insert(value);
  }
  const int last = static_cast<int>(graph.nodes.size()) - 1;
  if (inner.contains(last)) read.insert(last);
  return {read.begin(), read.end()};
}

}  // namespace espalier::exports
