#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"

namespace espalier {

struct GraphNode {
  int id = 0;
  NodeData data;
};
/// Optional, since Boost.Graph constructs a property by default before it assigns one.
using GraphEdge = std::optional<EdgeData>;

/// The graph itself. It stores nodes and edges in lists, so that references to their data stay valid when
/// others are added or removed.
class Graph::Impl {
 public:
  using Adjacency =
      boost::adjacency_list<boost::setS, boost::listS, boost::bidirectionalS, GraphNode, GraphEdge>;
  using Vertex = Adjacency::vertex_descriptor;
  using Edge = Adjacency::edge_descriptor;

  explicit Impl(std::string graph_name) : name(std::move(graph_name)) {}
  Impl(const Impl& other);
  Impl& operator=(const Impl&) = delete;
  ~Impl() = default;

  /// Throws Error that names the graph and the node when there is no such node.
  Vertex vertex(int node) const;
  std::optional<Edge> find_edge(int from, int to) const;
  /// Throws Error that names the graph and the edge when there is no such edge.
  Edge edge(int from, int to) const;
  EdgeId id(Edge edge) const;

  void add_node(int node, const NodeData& data);
  void add_edge(const EdgeData& data);

  std::string name;
  std::string scope;
  Hook prepare_discretization;
  Hook prepare_evaluation;
  Adjacency adjacency;
  std::map<int, Vertex> vertices;
};

}  // namespace espalier
