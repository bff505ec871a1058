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
class Operation;

/// A list of scopes; an empty list means all graphs, whatever their scope.
using Scopes = std::vector<std::string>;

/// The nodes that an edge joins: (from, to).
using EdgeId = std::pair<int, int>;

/// A directed acyclic graph of operations (Ruchte et al., 2020). Macro graph, cell and motif are all of this
/// class. Graphs nest to any depth, on edges and on nodes, alone or as candidates.
///
/// A graph is symbolic: it holds neither weights nor activations, and compile() makes a network of it.
/// Include espalier/graph/graph_data.h to work with what edges and nodes hold.
///
/// A copy shares the shared attributes of the original and copies everything else, nested graphs included; a
/// clone shares nothing. Const functions are [any-thread], the others [one-thread].
class ESPALIER_EXPORT Graph {
 public:
  explicit Graph(std::string name = "graph");
  Graph(const Graph& other);
  Graph(Graph&& other) noexcept;
  Graph& operator=(const Graph& other);
  Graph& operator=(Graph&& other) noexcept;
  ~Graph();

  /// The same as the copy constructor: the copy shares shared attributes with this graph.
  Graph copy() const { return *this; }
  /// A copy that shares no attributes with this graph. Copies of one graph within it still share theirs.
  Graph clone() const;

  const std::string& name() const;
  Graph& set_name(std::string name);

  // Structure. Integers name the nodes, and an edge leads from a smaller node to a larger one. All functions
  // but has_node() and has_edge() throw Error when they are given an edge or a node that does not exist.

  /// Throws Error when the node exists already.
  Graph& add_node(int node);
  Graph& add_nodes(std::initializer_list<int> nodes);
  /// Adds the nodes first, first + 1, …, last. Throws Error when first > last.
  Graph& add_node_range(int first, int last);
  /// Throws Error when the edge exists already or does not lead forward.
  Graph& add_edge(int from, int to);
  Graph& add_edges(std::initializer_list<EdgeId> edges);
  /// Adds an edge from every node to every larger one, where there is none yet.
  Graph& add_edges_densely();
  /// Adds a node behind the largest one and an edge to it that holds `op`; an empty graph gets its node 1
  /// first. So a macro graph is written as a chain. Returns the edge.
  EdgeData& append(Operation op);
  Graph& remove_edge(int from, int to);
  /// Removes the node and all edges that enter or leave it.
  Graph& remove_node(int node);

  bool has_node(int node) const;
  bool has_edge(int from, int to) const;
  /// In ascending order.
  std::vector<int> nodes() const;
  /// Ordered by the node that they lead to, and then by the node that they come from.
  std::vector<EdgeId> edges() const;
  std::vector<EdgeId> in_edges(int node) const;
  std::vector<EdgeId> out_edges(int node) const;
  /// The nodes that no edge leads to, in ascending order. The tensors that enter the graph go to them in this
  /// order.
  std::vector<int> input_nodes() const;
  /// The largest node; its tensor is the output of the graph. Throws Error when the graph has no nodes.
  int output_node() const;

  /// What an edge or a node holds. A new edge holds `identity`; a new node sums its inputs. The references
  /// stay valid until the edge or node is removed.
  EdgeData& edge(int from, int to);
  const EdgeData& edge(int from, int to) const;
  NodeData& node(int node);
  const NodeData& node(int node) const;

  // Scopes: names that limit an optimizer, or a visit below, to some of the nested graphs.

  /// Empty when none was set.
  const std::string& scope() const;
  /// Sets the scope of this graph and, if `recursively`, of all graphs nested in it.
  Graph& set_scope(const std::string& scope, bool recursively = true);

  // Visits. Nested graphs are visited before the graph that holds them, in the order of edges() and nodes():
  // when a visitor replaces, copies or relaxes an operation, the inside of that operation is already done. A
  // graph that a visitor nests during a visit is not visited, and neither are final edges.

  using EdgeVisitor = std::function<void(EdgeData&)>;
  /// Calls `visitor` for the edges of all graphs within the scopes. With `private_edge_data` it visits every
  /// instance of an edge; without, only the first of its instances in the copies of a graph.
  void update_edges(const EdgeVisitor& visitor, const Scopes& scopes = {}, bool private_edge_data = true);

  /// What the visitor of update_nodes() gets: a node, and the edges that enter and leave it.
  struct NodeVisit {
    int id;
    NodeData& node;
    std::vector<EdgeData*> in_edges;
    std::vector<EdgeData*> out_edges;
  };
  using NodeVisitor = std::function<void(NodeVisit&)>;
  /// The same as update_edges(), for nodes.
  void update_nodes(const NodeVisitor& visitor, const Scopes& scopes = {}, bool private_node_data = true);

  using ConstEdgeVisitor = std::function<void(const EdgeData&)>;
  /// The same as update_edges(), for reading.
  void visit_edges(const ConstEdgeVisitor& visitor, const Scopes& scopes = {},
                   bool private_edge_data = true) const;

  /// The attribute `key` of every edge that has it and is not final: a shared attribute once, a private one
  /// for every instance. Throws Error when one has another type than T. Defined in graph_data.h.
  template <class T>
  std::vector<T> all_edge_data(const std::string& key, const Scopes& scopes = {}) const;

  /// This graph and all graphs nested in it, at any depth, in the order of the visits; only those within the
  /// scopes.
  std::vector<Graph*> instances(const Scopes& scopes = {});
  std::vector<const Graph*> instances(const Scopes& scopes = {}) const;

  // Hooks by which a space changes its graph when an architecture has been chosen. Copies of the graph copy
  // them, and several threads may run the hooks of different copies at once.

  using Hook = std::function<void(Graph&)>;
  /// Sets the hook that runs once each choice holds its chosen candidate, for example to remove edges that
  /// hold `none`.
  Graph& on_prepare_discretization(Hook hook);
  /// Sets the hook that runs after that, before the network is trained from scratch, for example to add cells
  /// and channels.
  Graph& on_prepare_evaluation(Hook hook);
  /// Run this graph's hook, if it has one, and then those of nested graphs. A hook is removed before it runs,
  /// so that neither a second call nor a copy that the hook nests runs it again.
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
