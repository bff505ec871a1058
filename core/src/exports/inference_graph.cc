#include "exports/inference_graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "espalier/exports/identifiers.h"

namespace espalier::exports {
namespace {

/// A tensor of the old graph as one of the new: another tensor, or zeros.
struct Resolved {
  int value = LayerGraph::kInput;  ///< of the old graph
  bool zero = false;
};

/// The candidate of a choice that runs.
std::size_t chosen(const LayerGraph::Node& node) {
  std::size_t candidate = 0;
  while (node.weighting && candidate + 1 < node.inputs.size() && !node.weighting->runs(candidate))
    ++candidate;
  return candidate;
}

/// Which tensors of a graph are which, and what each kept layer reads.
class Reduction {
 public:
  explicit Reduction(const LayerGraph& graph) : graph_(graph) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) add(static_cast<int>(i));
  }

  /// The layers that the output depends on, in order.
  std::set<int> needed(int output) const {
    std::set<int> found;
    std::vector<int> open = {resolved(output).value};
    while (!open.empty()) {
      const int value = open.back();
      open.pop_back();
      if (value == LayerGraph::kInput || !found.insert(value).second) continue;
      const std::vector<int>& read = reads_[static_cast<std::size_t>(value)];
      open.insert(open.end(), read.begin(), read.end());
    }
    return found;
  }

  Resolved resolved(int value) const {
    return value == LayerGraph::kInput ? Resolved{} : resolved_[static_cast<std::size_t>(value)];
  }
  const std::vector<int>& reads(int node) const { return reads_[static_cast<std::size_t>(node)]; }

 private:
  void add(int index) {
    const LayerGraph::Node& node = graph_.nodes[static_cast<std::size_t>(index)];
    std::vector<Resolved> inputs;
    inputs.reserve(node.inputs.size());
    for (const int input : node.inputs) inputs.push_back(resolved(input));
    const bool is_sum = node.layer.get_if<Sum>() != nullptr;
    if (is_sum && !std::ranges::all_of(inputs, &Resolved::zero)) std::erase_if(inputs, &Resolved::zero);
    const bool is_choice = node.layer.get_if<WeightedSum>() != nullptr;
    // A choice is what its candidate is, zeros included.
    if (is_choice) inputs = {inputs.at(chosen(node))};
    const bool passes = is_choice || node.layer.get_if<Identity>() != nullptr ||
                        node.layer.get_if<DropPath>() != nullptr || (is_sum && inputs.size() == 1);
    const bool is_zero =
        node.layer.get_if<Zero>() != nullptr || (is_sum && std::ranges::all_of(inputs, &Resolved::zero));
    std::vector<int>& read = reads_.emplace_back();
    for (const Resolved& input : inputs) read.push_back(input.value);
    if (is_zero && read.size() > 1) read.erase(read.begin() + 1, read.end());
    if (passes) {
      resolved_.push_back(inputs.front());
    } else {
      resolved_.push_back({.value = index, .zero = is_zero});
    }
  }

  const LayerGraph& graph_;
  std::vector<Resolved> resolved_;
  std::vector<std::vector<int>> reads_;
};

/// A layer whose name is also that of a group gets another one, because a module is one or the other.
void avoid_groups(LayerGraph& graph) {
  std::set<std::string> groups;
  for (const LayerGraph::Node& node : graph.nodes)
    for (std::size_t dot = node.name.find('.'); dot != std::string::npos; dot = node.name.find('.', dot + 1))
      groups.insert(node.name.substr(0, dot));
  for (LayerGraph::Node& node : graph.nodes)
    while (groups.contains(node.name)) node.name += "_layer";
}

int output_of(const LayerGraph& graph) {
  for (auto i = graph.nodes.size(); i-- > 0;)
    if (!graph.nodes[i].auxiliary) return static_cast<int>(i);
  return LayerGraph::kInput;
}

}  // namespace

LayerGraph inference_graph(const LayerGraph& graph, std::vector<std::string>& names) {
  const Reduction reduction(graph);
  const int output = output_of(graph);
  LayerGraph reduced{.input = graph.input, .nodes = {}};
  std::map<int, int> index = {{LayerGraph::kInput, LayerGraph::kInput}};
  Identifiers identifiers;
  names.clear();
  for (const int old : reduction.needed(output)) {
    LayerGraph::Node node = graph.nodes[static_cast<std::size_t>(old)];
    if (reduction.resolved(old).zero && node.layer.get_if<Zero>() == nullptr) node.layer = Layer(Zero{});
    node.inputs.clear();
    for (const int value : reduction.reads(old)) node.inputs.push_back(index.at(value));
    names.push_back(node.name);
    node.name = identifiers.dotted(node.name);
    index.emplace(old, static_cast<int>(reduced.nodes.size()));
    reduced.nodes.push_back(std::move(node));
  }
  avoid_groups(reduced);
  return reduced;
}

}  // namespace espalier::exports
