#include "picture/liveness.h"

#include <algorithm>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/graph/operation.h"
#include "picture/shown.h"

namespace espalier::picture {

bool passes(const Operation& operation) {
  if (const Graph* graph = operation.graph()) return Liveness(*graph).passes();
  if (const Candidates* candidates = operation.candidates())
    return std::any_of(candidates->begin(), candidates->end(),
                       [](const Operation& candidate) { return passes(candidate); });
  return !is_zero(operation);
}

Liveness::Liveness(const Graph& graph) : output_(graph.output_node()) {
  for (const auto& [from, to] : graph.edges()) open_[{from, to}] = picture::passes(graph.edge(from, to).op());
  const std::vector<int> nodes = graph.nodes();  // every edge leads to a later one
  for (const int node : nodes) {
    const auto& operation = graph.node(node).op();
    const auto edges = graph.in_edges(node);
    reached_[node] = (!operation || picture::passes(*operation)) &&
                     (edges.empty() || std::ranges::any_of(edges, [&](const auto& edge) {
                        return open_[{edge.first, edge.second}] && reached_[edge.first];
                      }));
    used_[node] = node == output_;
  }
  for (const int node : std::vector<int>(nodes.rbegin(), nodes.rend())) {
    if (!used_[node] || !reached_[node]) continue;
    for (const auto& [from, to] : graph.in_edges(node))
      if (open_[{from, to}]) used_[from] = true;
  }
}

bool Liveness::edge(int from, int to) const {
  return open_.at({from, to}) && reached_.at(from) && reached_.at(to) && used_.at(to);
}

}  // namespace espalier::picture
