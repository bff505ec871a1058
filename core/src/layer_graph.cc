#include "espalier/layer_graph.h"

#include <numeric>

namespace espalier {

std::int64_t LayerGraph::parameters() const {
  return std::accumulate(nodes.begin(), nodes.end(), std::int64_t{0},
                         [](std::int64_t total, const Node& node) { return total + node.parameters; });
}

std::int64_t LayerGraph::flops() const {
  return std::accumulate(nodes.begin(), nodes.end(), std::int64_t{0},
                         [](std::int64_t total, const Node& node) { return total + node.flops; });
}

}  // namespace espalier
