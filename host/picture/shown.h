#pragma once

#include <vector>

namespace espalier {
class EdgeData;
class Graph;
class Operation;
}  // namespace espalier

/// What of a graph a picture shows.
namespace espalier::picture {

/// On the graph's edges, then on its nodes.
std::vector<const Operation*> operations_of(const Graph& graph);
/// The graph that stands there, or those among the candidates.
std::vector<const Graph*> graphs_in(const Operation& operation);

/// Lets nothing through: `zero`, `none`.
bool is_zero(const Operation& operation);
/// An arrow alone: no optimizer put the identity on this edge.
bool is_plain(const Graph& graph, const EdgeData& edge);
/// What stands on a node; null where nothing does, and where a primitive only adapts an input of the graph
/// (to its number of channels).
const Operation* operation_at(const Graph& graph, int node);

/// Whether a graph only leads from block to block, like the outermost one of most spaces: it holds graphs,
/// and what several edges lead to is one.
bool is_chain(const Graph& graph);

}  // namespace espalier::picture
