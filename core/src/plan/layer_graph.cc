#include "espalier/plan/layer_graph.h"

#include <algorithm>
#include <numeric>

namespace espalier {
namespace {

std::int64_t total(const LayerGraph& graph, std::int64_t LayerGraph::Node::*count) {
  return std::accumulate(graph.nodes.begin(), graph.nodes.end(), std::int64_t{0},
                         [&](std::int64_t sum, const LayerGraph::Node& node) {
                           return node.auxiliary ? sum : sum + node.*count;
                         });
}

}  // namespace

std::optional<int> LayerGraph::auxiliary_output() const {
  const auto last =
      std::find_if(nodes.rbegin(), nodes.rend(), [](const Node& node) { return node.auxiliary; });
  if (last == nodes.rend()) return std::nullopt;
  return static_cast<int>(nodes.rend() - last) - 1;
}

std::int64_t LayerGraph::parameters() const { return total(*this, &Node::parameters); }

std::int64_t LayerGraph::flops() const { return total(*this, &Node::flops); }

std::int64_t LayerGraph::multiply_adds() const { return total(*this, &Node::multiply_adds); }

}  // namespace espalier
