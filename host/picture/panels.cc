#include "picture/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/graph/operation.h"
#include "picture/shown.h"

namespace espalier::picture {

Panels::Panels(const Graph& graph) {
  collect(graph);
  std::map<std::string, std::size_t> place;
  std::vector<Panel> merged;
  for (const Panel& panel : panels_) {
    const auto [found, fresh] = place.emplace(look_of(*panel.graph), merged.size());
    if (fresh) merged.push_back({panel.graph, {}});
    merged[found->second].names.push_back(name_of(*panel.graph));
  }
  panels_ = std::move(merged);
}

void Panels::collect(const Graph& graph) {
  std::vector<std::string>& looks = looks_[graph.name()];
  std::string look = look_of(graph);
  if (std::find(looks.begin(), looks.end(), look) != looks.end()) return;
  looks.push_back(std::move(look));
  panels_.push_back({&graph, {}});
  for (const Operation* operation : operations_of(graph))
    for (const Graph* nested : graphs_in(*operation)) collect(*nested);
}

std::string Panels::name_of(const Graph& graph) const {
  const std::vector<std::string>& looks = looks_.at(graph.name());
  if (looks.size() == 1) return graph.name();
  const auto look = std::find(looks.begin(), looks.end(), look_of(graph));
  return fmt::format("{} ({})", graph.name(), look - looks.begin() + 1);
}

std::string Panels::describe(const Operation& operation) const {
  if (const Graph* graph = operation.graph()) return name_of(*graph);
  const Candidates* candidates = operation.candidates();
  if (candidates == nullptr) return operation.name();
  std::vector<std::string> names;
  for (const Operation& candidate : *candidates) names.push_back(describe(candidate));
  return fmt::format("{}", fmt::join(names, " | "));
}

std::string Panels::look_of(const Graph& graph) {
  std::string look;
  for (const auto& [from, to] : graph.edges()) {
    const EdgeData& edge = graph.edge(from, to);
    look += fmt::format("{}→{}: {}\n", from, to, is_plain(graph, edge) ? "" : look_of(edge.op()));
  }
  for (const int node : graph.nodes()) {
    const Operation* operation = operation_at(graph, node);
    look += fmt::format("{}: {} {}\n", node, graph.node(node).combine().name(),
                        operation != nullptr ? look_of(*operation) : "");
  }
  return look;
}

std::string Panels::look_of(const Operation& operation) {
  std::string look = operation.name();
  if (const Graph* graph = operation.graph()) look += " {" + look_of(*graph) + "}";
  if (const Candidates* candidates = operation.candidates())
    for (const Operation& candidate : *candidates) look += " | " + look_of(candidate);
  return look;
}

}  // namespace espalier::picture
