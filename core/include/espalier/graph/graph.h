#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier {

class CloneMemo;
class EdgeData;
class NodeData;

/// Names of scopes; empty means all graphs, whatever their scope.
using Scopes = std::vector<std::string>;

/// (from, to).
using EdgeId = std::pair<int, int>;

/// A directed acyclic graph of operations: macro graph, cell and motif are all of this one class and
/// nest to any depth, on edges and on nodes, alone or as candidates. (Boost.Graph inside.)
///
/// Nothing in it holds weights or activations: it is symbolic until compiled. Include
/// espalier/graph/graph_data.h to work with what edges and nodes hold.
///
/// Copying shares shared attributes and copies everything else, nested graphs included; clone()
/// shares nothing.
class ESPALIER_EXPORT Graph {
 public:
  explicit Graph(std::string name = "graph");
  Graph(const Graph& other);
  Graph(Graph&& other) noexcept;
  Graph& operator=(const Graph& other);
  Graph& operator=(Graph&& other) noexcept;
  ~Graph();

  /// The copy constructor by name.
  Graph copy() const { return *this; }
  Graph clone() const;

  const std::string& name() const;
  Graph& set_name(std::string name);

  // Structure. Nodes are named by integers; an edge leads from a smaller to a larger one.
  Graph& add_node(int node);
  Graph& add_nodes(std::initializer_list<int> nodes);
  /// first, first + 1, …, last.
  Graph& add_node_range(int first, int last);
  /// Throws Error for an unknown node, an edge that exists, or one that does not lead forwards.
  Graph& add_edge(int from, int to);
  Graph& add_edges(std::initializer_list<EdgeId> edges);
  /// Every edge that leads forwards and does not exist yet.
  Graph& add_edges_densely();
  Graph& remove_edge(int from, int to);
  /// With all its edges.
  Graph& remove_node(int node);

  bool has_node(int node) const;
  bool has_edge(int from, int to) const;
  /// Ascending.
  std::vector<int> nodes() const;
  /// Ordered by the node they lead to, then the node they come from.
  std::vector<EdgeId> edges() const;
  std::vector<EdgeId> in_edges(int node) const;
  std::vector<EdgeId> out_edges(int node) const;
  /// Nodes that no edge leads to, ascending: the tensors that enter the graph, in this order.
  std::vector<int> input_nodes() const;
  /// The highest node: its tensor leaves the graph.
  int output_node() const;

  /// A new edge holds `identity`, a new node sums. Throws Error when there is none.
  EdgeData& edge(int from, int to);
  const EdgeData& edge(int from, int to) const;
  NodeData& node(int node);
  const NodeData& node(int node) const;

  // Scopes.
  const std::string& scope() const;
  Graph& set_scope(const std::string& scope, bool recursively = true);

  // Visits. Nested graphs come before the graph that holds them, in the order of edges() and nodes(),
  // so that a visitor finds what it replaces, copies or relaxes done within. What a visitor nests in the
  // graph during a visit is not visited by it; edges that are final are left out.

  using EdgeVisitor = std::function<void(EdgeData&)>;
  /// With private data every instance of an edge is visited; with shared data (`private_edge_data`
  /// false) one instance of it among all copies of its graph is.
  void update_edges(const EdgeVisitor& visitor, const Scopes& scopes = {}, bool private_edge_data = true);

  /// A node as update_nodes() shows it, with the edges that enter and leave it.
  struct NodeVisit {
    int id;
    NodeData& node;
    std::vector<EdgeData*> in_edges;
    std::vector<EdgeData*> out_edges;
  };
  using NodeVisitor = std::function<void(NodeVisit&)>;
  void update_nodes(const NodeVisitor& visitor, const Scopes& scopes = {}, bool private_node_data = true);

  using ConstEdgeVisitor = std::function<void(const EdgeData&)>;
  /// Like update_edges, for reading.
  void visit_edges(const ConstEdgeVisitor& visitor, const Scopes& scopes = {},
                   bool private_edge_data = true) const;

  /// The attribute `key` of every edge that has it: shared ones once, private ones of every instance.
  /// (Defined in graph_data.h.)
  template <class T>
  std::vector<T> all_edge_data(const std::string& key, const Scopes& scopes = {}) const;

  /// This graph and every graph nested in it, at any depth, in the order of the visits.
  std::vector<Graph*> instances(const Scopes& scopes = {});
  std::vector<const Graph*> instances(const Scopes& scopes = {}) const;

  // Hooks: what a space does to its graph at the two turning points of a search.
  using Hook = std::function<void(Graph&)>;
  /// Once every choice holds the candidate that was chosen (e.g. remove the edges that hold none).
  Graph& on_prepare_discretization(Hook hook);
  /// After that, before the network is trained from scratch (e.g. more cells and channels).
  Graph& on_prepare_evaluation(Hook hook);
  /// Run this graph's hook, then those of nested graphs. Without hooks nothing happens; a hook is spent
  /// by running, so that a second call (or a copy that the hook nests) does not run it again.
  void prepare_discretization();
  void prepare_evaluation();

 private:
  friend class Operation;
  class Impl;

  void detach(CloneMemo& memo);
  std::vector<Graph*> children();
  void collect(const Scopes& scopes, std::vector<Graph*>& found);

  std::unique_ptr<Impl> impl_;
};

}  // namespace espalier
