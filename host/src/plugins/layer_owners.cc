#include "plugins/layer_owners.h"

#include <fmt/format.h>

#include <functional>
#include <set>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier::host {
namespace {

using Visitor = std::function<void(const LayerDefinition&)>;

/// Graphs among an operation are instances of their own.
class LayerVisit {
 public:
  explicit LayerVisit(Visitor visitor) : visitor_(std::move(visitor)) {}

  void operator()(const Graph& graph) {
    for (const auto& [from, to] : graph.edges()) visit(graph.edge(from, to).op());
    for (const int id : graph.nodes()) {
      const NodeData& node = graph.node(id);
      visit(node.combine());
      if (node.op()) visit(*node.op());
      if (node.auxiliary_head()) visit(*node.auxiliary_head());
    }
  }

 private:
  void visit(const Operation& operation) {
    if (const Primitive* primitive = operation.primitive()) visit(*primitive);
    if (const Candidates* candidates = operation.candidates()) {
      for (const Operation& candidate : *candidates) visit(candidate);
    }
  }
  void visit(const Primitive& primitive) {
    if (!seen_.insert(&primitive.nodes()).second) return;  // copies share their layers
    for (const Primitive::Node& node : primitive.nodes()) {
      const auto* const custom = node.layer.get_if<CustomLayer>();
      if (custom != nullptr && custom->definition != nullptr) visitor_(*custom->definition);
    }
  }

  Visitor visitor_;
  std::set<const void*> seen_;
};

}  // namespace

void LayerOwners::add(const SearchSpace& space) {
  LayerVisit visit([&](const LayerDefinition& layer) {
    const std::string origin = layer.origin();
    const auto known = origins_.try_emplace(std::string(layer.kind()), origin).first;
    if (known->second == origin) return;
    throw Error(
        {.what = fmt::format("two plugins bring a layer of one name: {} and {}", known->second, origin),
         .where = space.origin(),
         .expected = "a different name for each layer",
         .remedy = "use one plugin alone, or rename the layer in one of them"});
  });
  call_plugin(space, "layers", [&] {
    for (const Graph* graph : space.graph().instances()) visit(*graph);
  });
}

}  // namespace espalier::host
