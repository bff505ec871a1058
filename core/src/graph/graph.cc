#include "espalier/graph/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/range/iterator_range.hpp>

#include "espalier/errors/errors.h"
#include "graph/graph_impl.h"

namespace espalier {
namespace {

bool by_target(const EdgeId& a, const EdgeId& b) {
  return std::pair(a.second, a.first) < std::pair(b.second, b.first);
}

}  // namespace

Graph::Graph(std::string name) : impl_(std::make_unique<Impl>(std::move(name))) {}
Graph::Graph(const Graph& other) : impl_(other.impl_ ? std::make_unique<Impl>(*other.impl_) : nullptr) {}
Graph::Graph(Graph&& other) noexcept = default;
Graph& Graph::operator=(const Graph& other) {
  return *this = Graph(other);  // other may be nested in this one
}
Graph& Graph::operator=(Graph&& other) noexcept {
  std::unique_ptr<Impl> taken = std::move(other.impl_);
  impl_ = std::move(taken);
  return *this;
}
Graph::~Graph() = default;

const std::string& Graph::name() const { return impl_->name; }

Graph& Graph::set_name(std::string name) {
  impl_->name = std::move(name);
  return *this;
}

Graph& Graph::add_node(int node) {
  if (has_node(node)) throw Error({.what = fmt::format("graph \"{}\" already has node {}", name(), node)});
  impl_->add_node(node, NodeData());
  return *this;
}

Graph& Graph::add_nodes(std::initializer_list<int> nodes) {
  for (const int node : nodes) add_node(node);
  return *this;
}

Graph& Graph::add_node_range(int first, int last) {
  if (first > last) {
    throw Error({.what = fmt::format("graph \"{}\": nodes from {} to {}", name(), first, last),
                 .expected = "the first node no larger than the last"});
  }
  for (std::int64_t node = first; node <= last; ++node) add_node(static_cast<int>(node));
  return *this;
}

Graph& Graph::add_edge(int from, int to) {
  impl_->vertex(from);
  impl_->vertex(to);
  if (from >= to) {
    throw Error({.what = fmt::format("graph \"{}\": edge {}→{} does not lead forward", name(), from, to),
                 .expected = "an edge from a smaller node to a larger one"});
  }
  if (has_edge(from, to)) {
    throw Error({.what = fmt::format("graph \"{}\" already has edge {}→{}", name(), from, to)});
  }
  impl_->add_edge(EdgeData(from, to));
  return *this;
}

Graph& Graph::add_edges(std::initializer_list<EdgeId> edges) {
  for (const auto& [from, to] : edges) add_edge(from, to);
  return *this;
}

Graph& Graph::add_edges_densely() {
  const std::vector<int> all = nodes();
  for (const int to : all) {
    for (const int from : all) {
      if (from < to && !has_edge(from, to)) add_edge(from, to);
    }
  }
  return *this;
}

EdgeData& Graph::append(Operation op) {
  if (impl_->vertices.empty()) add_node(1);
  const int last = output_node();
  add_node(last + 1).add_edge(last, last + 1);
  EdgeData& added = edge(last, last + 1);
  added.set_op(std::move(op));
  return added;
}

Graph& Graph::remove_edge(int from, int to) {
  boost::remove_edge(impl_->edge(from, to), impl_->adjacency);
  return *this;
}

Graph& Graph::remove_node(int node) {
  const Impl::Vertex vertex = impl_->vertex(node);
  boost::clear_vertex(vertex, impl_->adjacency);
  boost::remove_vertex(vertex, impl_->adjacency);
  impl_->vertices.erase(node);
  return *this;
}

bool Graph::has_node(int node) const { return impl_->vertices.contains(node); }

bool Graph::has_edge(int from, int to) const { return impl_->find_edge(from, to).has_value(); }

std::vector<int> Graph::nodes() const {
  std::vector<int> ids;
  ids.reserve(impl_->vertices.size());
  for (const auto& [node, vertex] : impl_->vertices) ids.push_back(node);
  return ids;
}

std::vector<EdgeId> Graph::edges() const {
  std::vector<EdgeId> ids;
  for (const auto edge : boost::make_iterator_range(boost::edges(impl_->adjacency))) {
    ids.push_back(impl_->id(edge));
  }
  std::ranges::sort(ids, by_target);
  return ids;
}

std::vector<EdgeId> Graph::in_edges(int node) const {
  std::vector<EdgeId> ids;
  for (const auto edge : boost::make_iterator_range(boost::in_edges(impl_->vertex(node), impl_->adjacency))) {
    ids.push_back(impl_->id(edge));
  }
  std::ranges::sort(ids, by_target);
  return ids;
}

std::vector<EdgeId> Graph::out_edges(int node) const {
  std::vector<EdgeId> ids;
  for (const auto edge :
       boost::make_iterator_range(boost::out_edges(impl_->vertex(node), impl_->adjacency))) {
    ids.push_back(impl_->id(edge));
  }
  std::ranges::sort(ids, by_target);
  return ids;
}

std::vector<int> Graph::input_nodes() const {
  std::vector<int> ids;
  for (const auto& [node, vertex] : impl_->vertices) {
    if (boost::in_degree(vertex, impl_->adjacency) == 0) ids.push_back(node);
  }
  return ids;
}

int Graph::output_node() const {
  if (impl_->vertices.empty()) {
    throw Error(
        {.what = fmt::format("graph \"{}\" has no output node", name()), .expected = "a graph with nodes"});
  }
  return impl_->vertices.rbegin()->first;
}

EdgeData& Graph::edge(int from, int to) { return *impl_->adjacency[impl_->edge(from, to)]; }

const EdgeData& Graph::edge(int from, int to) const { return *impl_->adjacency[impl_->edge(from, to)]; }

NodeData& Graph::node(int node) { return impl_->adjacency[impl_->vertex(node)].data; }

const NodeData& Graph::node(int node) const { return impl_->adjacency[impl_->vertex(node)].data; }

}  // namespace espalier
