#include "graph/graph_impl.h"

#include <fmt/format.h>

#include <boost/range/iterator_range.hpp>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

namespace espalier {
namespace {

template <class Names>
std::string listed(const Names& names, std::string_view kind) {
  if (names.empty()) return fmt::format("the graph has no {}s", kind);
  return fmt::format("{} {}", kind, join_names(names));
}

}  // namespace

Graph::Impl::Impl(const Impl& other)
    : name(other.name),
      scope(other.scope),
      prepare_discretization(other.prepare_discretization),
      prepare_evaluation(other.prepare_evaluation) {
  for (const auto& [node, vertex] : other.vertices) add_node(node, other.adjacency[vertex].data);
  for (const Edge edge : boost::make_iterator_range(boost::edges(other.adjacency))) {
    add_edge(*other.adjacency[edge]);
  }
}

Graph::Impl::Vertex Graph::Impl::vertex(int node) const {
  if (const auto found = vertices.find(node); found != vertices.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [id, vertex] : vertices) names.push_back(std::to_string(id));
  throw Error(
      {.what = fmt::format("graph \"{}\" has no node {}", name, node), .expected = listed(names, "node")});
}

std::optional<Graph::Impl::Edge> Graph::Impl::find_edge(int from, int to) const {
  const auto source = vertices.find(from);
  const auto target = vertices.find(to);
  if (source == vertices.end() || target == vertices.end()) return std::nullopt;
  const auto [edge, exists] = boost::edge(source->second, target->second, adjacency);
  return exists ? std::optional(edge) : std::nullopt;
}

Graph::Impl::Edge Graph::Impl::edge(int from, int to) const {
  if (const auto found = find_edge(from, to)) return *found;
  std::vector<std::string> names;
  for (const Edge edge : boost::make_iterator_range(boost::edges(adjacency))) {
    names.push_back(fmt::format("{}→{}", id(edge).first, id(edge).second));
  }
  throw Error({.what = fmt::format("graph \"{}\" has no edge {}→{}", name, from, to),
               .expected = listed(names, "edge")});
}

EdgeId Graph::Impl::id(Edge edge) const {
  return {adjacency[boost::source(edge, adjacency)].id, adjacency[boost::target(edge, adjacency)].id};
}

void Graph::Impl::add_node(int node, const NodeData& data) {
  const Vertex vertex = boost::add_vertex(adjacency);
  adjacency[vertex].id = node;
  adjacency[vertex].data = data;
  vertices[node] = vertex;
}

void Graph::Impl::add_edge(const EdgeData& data) {
  // Boost would copy a property that it is given once more, and with it all graphs that are nested in it.
  const auto [edge, is_new] = boost::add_edge(vertices.at(data.from()), vertices.at(data.to()), adjacency);
  if (is_new) adjacency[edge].emplace(data);
}

}  // namespace espalier
