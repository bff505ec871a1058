#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "espalier/graph/graph.h"
#include "graph/graph_impl.h"

namespace espalier {
namespace {

bool within(const std::string& scope, const Scopes& scopes) {
  return scopes.empty() || std::ranges::find(scopes, scope) != scopes.end();
}

/// Decides which edges or nodes a visit admits: with private data all of them, with shared data the first
/// among the copies of each.
class Turnstile {
 public:
  explicit Turnstile(bool private_data) : private_data_(private_data) {}
  bool admits(const Attributes& data) { return private_data_ || seen_.insert(data.shared_identity()).second; }

 private:
  bool private_data_;
  std::unordered_set<const void*> seen_;
};

/// The data of those edges that are not final.
std::vector<EdgeData*> open_edges(Graph& graph, const std::vector<EdgeId>& ids) {
  std::vector<EdgeData*> edges;
  for (const auto& [from, to] : ids) {
    if (EdgeData& edge = graph.edge(from, to); !edge.is_final()) edges.push_back(&edge);
  }
  return edges;
}

/// Removes the hook before it runs, since a hook may nest copies of its own graph or replace the graph.
void run_hook(Graph& graph, Graph::Hook& hook) {
  if (const Graph::Hook running = std::exchange(hook, nullptr)) running(graph);
}

}  // namespace

Graph Graph::clone() const {
  Graph result = *this;
  CloneMemo memo;
  result.detach(memo);
  return result;
}

void Graph::detach(CloneMemo& memo) {
  for (const auto& [from, to] : edges()) {
    EdgeData& data = edge(from, to);
    memo.detach(data);
    data.op().detach(memo);
  }
  for (const int id : nodes()) {
    NodeData& data = node(id);
    memo.detach(data);
    if (data.op()) data.op()->detach(memo);
  }
}

std::vector<Graph*> Graph::children() {
  std::vector<Graph*> found;
  for (const auto& [from, to] : edges()) {
    std::ranges::copy(edge(from, to).op().graphs(), std::back_inserter(found));
  }
  for (const int id : nodes()) {
    if (auto& op = node(id).op()) std::ranges::copy(op->graphs(), std::back_inserter(found));
  }
  return found;
}

void Graph::collect(const Scopes& scopes, std::vector<Graph*>& found) {
  for (Graph* child : children()) child->collect(scopes, found);
  if (within(scope(), scopes)) found.push_back(this);
}

std::vector<Graph*> Graph::instances(const Scopes& scopes) {
  std::vector<Graph*> found;
  collect(scopes, found);
  return found;
}

std::vector<const Graph*> Graph::instances(const Scopes& scopes) const {
  const std::vector<Graph*> found = const_cast<Graph*>(this)->instances(scopes);  // NOLINT: reads only
  return {found.begin(), found.end()};
}

const std::string& Graph::scope() const { return impl_->scope; }

Graph& Graph::set_scope(const std::string& scope, bool recursively) {
  impl_->scope = scope;
  if (recursively) {
    for (Graph* graph : instances()) graph->impl_->scope = scope;
  }
  return *this;
}

void Graph::update_edges(const EdgeVisitor& visitor, const Scopes& scopes, bool private_edge_data) {
  Turnstile turnstile(private_edge_data);
  for (Graph* graph : instances(scopes)) {
    for (const auto& [from, to] : graph->edges()) {
      if (!graph->has_edge(from, to)) continue;  // a visitor removed it
      EdgeData& edge = graph->edge(from, to);
      if (!edge.is_final() && turnstile.admits(edge)) visitor(edge);
    }
  }
}

void Graph::update_nodes(const NodeVisitor& visitor, const Scopes& scopes, bool private_node_data) {
  Turnstile turnstile(private_node_data);
  for (Graph* graph : instances(scopes)) {
    for (const int id : graph->nodes()) {
      if (!graph->has_node(id) || !turnstile.admits(graph->node(id))) continue;
      NodeVisit visit{id, graph->node(id), open_edges(*graph, graph->in_edges(id)),
                      open_edges(*graph, graph->out_edges(id))};
      visitor(visit);
    }
  }
}

void Graph::visit_edges(const ConstEdgeVisitor& visitor, const Scopes& scopes, bool private_edge_data) const {
  Turnstile turnstile(private_edge_data);
  for (const Graph* graph : instances(scopes)) {
    for (const auto& [from, to] : graph->edges()) {
      const EdgeData& edge = graph->edge(from, to);
      if (!edge.is_final() && turnstile.admits(edge)) visitor(edge);
    }
  }
}

Graph& Graph::on_prepare_discretization(Hook hook) {
  impl_->prepare_discretization = std::move(hook);
  return *this;
}

Graph& Graph::on_prepare_evaluation(Hook hook) {
  impl_->prepare_evaluation = std::move(hook);
  return *this;
}

void Graph::prepare_discretization() {
  run_hook(*this, impl_->prepare_discretization);
  for (Graph* child : children()) child->prepare_discretization();
}

void Graph::prepare_evaluation() {
  run_hook(*this, impl_->prepare_evaluation);
  for (Graph* child : children()) child->prepare_evaluation();
}

}  // namespace espalier
