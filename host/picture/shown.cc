#include "picture/shown.h"

#include <algorithm>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/graph/operation.h"

namespace espalier::picture {

std::vector<const Operation*> operations_of(const Graph& graph) {
  std::vector<const Operation*> operations;
  for (const auto& [from, to] : graph.edges()) operations.push_back(&graph.edge(from, to).op());
  for (const int node : graph.nodes())
    if (const auto& operation = graph.node(node).op()) operations.push_back(&*operation);
  return operations;
}

std::vector<const Graph*> graphs_in(const Operation& operation) {
  if (const Graph* graph = operation.graph()) return {graph};
  std::vector<const Graph*> graphs;
  if (const Candidates* candidates = operation.candidates()) {
    for (const Operation& candidate : *candidates)
      for (const Graph* graph : graphs_in(candidate)) graphs.push_back(graph);
  }
  return graphs;
}

bool is_zero(const Operation& operation) {
  const Primitive* primitive = operation.primitive();
  return primitive != nullptr && primitive->nodes().size() == 1 &&
         primitive->nodes().front().layer.kind() == "zero";
}

bool is_plain(const Graph& graph, const EdgeData& edge) {
  return edge.op().name() == "identity" && (edge.is_final() || graph.scope().empty());
}

const Operation* operation_at(const Graph& graph, int node) {
  const auto& operation = graph.node(node).op();
  if (!operation || (operation->primitive() != nullptr && graph.in_edges(node).empty())) return nullptr;
  return &*operation;
}

bool is_chain(const Graph& graph) {
  const std::vector<const Operation*> operations = operations_of(graph);
  const std::vector<int> nodes = graph.nodes();
  return std::any_of(operations.begin(), operations.end(),
                     [](const Operation* operation) { return operation->graph() != nullptr; }) &&
         std::all_of(nodes.begin(), nodes.end(), [&](int node) {
           const auto& operation = graph.node(node).op();
           return graph.in_edges(node).size() < 2 || (operation && !graphs_in(*operation).empty());
         });
}

}  // namespace espalier::picture
