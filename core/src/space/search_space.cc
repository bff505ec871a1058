#include "espalier/space/search_space.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/graph/graph_data.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier {
namespace {

/// The attribute, shared by all copies of an edge, that holds the index of the edge's choice.
constexpr const char* kChoice = "espalier.choice";

/// `name`, or the first of `name_2`, `name_3`, … that is not taken.
std::string unique(const std::string& name, std::set<std::string>& taken) {
  std::string result = name;
  for (int copy = 2; !taken.insert(result).second; ++copy) result = fmt::format("{}_{}", name, copy);
  if (result.find_first_of("=;") != std::string::npos) {
    throw Error({.what = fmt::format("\"{}\" cannot be part of an architecture's string", result),
                 .expected = "names of graphs and operations without '=' and ';'"});
  }
  return result;
}

std::vector<std::string> candidate_names(const Candidates& candidates, const std::string& choice) {
  constexpr std::size_t kMost = std::size_t{std::numeric_limits<Architecture::Index>::max()} + 1;
  if (candidates.empty() || candidates.size() > kMost) {
    throw Error({.what = fmt::format("{} has {} candidates", choice, candidates.size()),
                 .expected = fmt::format("1 to {}", kMost)});
  }
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const Operation& candidate : candidates) names.push_back(unique(candidate.name(), taken));
  return names;
}

void check_shape(const Graph& graph, const Shape& input_shape) {
  if (input_shape.channels >= 1 && input_shape.height >= 1 && input_shape.width >= 1) return;
  throw Error({.what = fmt::format("the input of graph \"{}\" is {}", graph.name(), to_string(input_shape)),
               .expected = "a channel or more, and a pixel or more"});
}

/// Finds the choices of a graph and marks their edges with kChoice.
std::vector<Choice> mark_choices(Graph& graph, const Scopes& scopes) {
  std::vector<Choice> choices;
  std::set<std::string> taken;
  for (Graph* instance : graph.instances(scopes)) {
    for (const auto& [from, to] : instance->edges()) {
      EdgeData& edge = instance->edge(from, to);
      const Candidates* candidates = edge.op().candidates();
      if (edge.is_final() || !candidates) continue;
      const std::string name = fmt::format("{}.edge_{}_{}", instance->name(), from, to);
      if (!edge.has(kChoice)) {
        edge.set(kChoice, choices.size(), Sharing::shared_data);
        std::string own = unique(name, taken);
        std::vector<std::string> names = candidate_names(*candidates, own);
        choices.push_back({std::move(own), std::move(names)});
        continue;
      }
      const Choice& choice = choices[edge.get<std::size_t>(kChoice)];
      if (candidates->size() != choice.candidates.size()) {
        throw Error(
            {.what = fmt::format("{} in scope \"{}\" has {} candidates", name, instance->scope(),
                                 candidates->size()),
             .expected = fmt::format("{}, as every copy of {}", choice.candidates.size(), choice.name)});
      }
    }
  }
  if (std::ranges::none_of(choices, [](const Choice& c) { return c.candidates.size() > 1; })) {
    throw Error({.what = fmt::format("graph \"{}\" leaves nothing to choose", graph.name()),
                 .where = scopes.empty() ? "all scopes" : fmt::format("scopes {}", join_names(scopes)),
                 .expected = "an edge with two candidates or more",
                 .remedy = "check the names of the scopes and which edges are final"});
  }
  return choices;
}

}  // namespace

SearchSpace::SearchSpace(SpaceDefinition definition)
    : graph_(definition.graph.clone()),  // other graphs of the plugin may share attributes with the original
      scopes_(std::move(definition.scopes)),
      input_shape_(definition.input_shape) {
  check_shape(graph_, input_shape_);
  choices_ = mark_choices(graph_, scopes_);
  for (const Choice& choice : choices_)
    candidate_counts_.push_back(static_cast<std::uint32_t>(choice.candidates.size()));
}

SearchSpace::~SearchSpace() = default;

Graph SearchSpace::instantiate(const Architecture& architecture) const {
  check(architecture);
  Graph network = graph_.clone();
  network.update_edges([&](EdgeData& edge) {
    Candidates* candidates = edge.op().candidates();
    if (!candidates || !edge.has(kChoice)) return;
    Operation chosen = std::move(candidates->at(architecture[edge.get<std::size_t>(kChoice)]));
    edge.set_op(std::move(chosen));
  });
  call_plugin(*this, "prepare_discretization hook", [&] { network.prepare_discretization(); });
  call_plugin(*this, "prepare_evaluation hook", [&] { network.prepare_evaluation(); });
  return network;
}

Graph SearchSpace::relax(
    const std::function<std::shared_ptr<Weighting>(std::size_t choice)>& weighting_of) const {
  std::vector<std::shared_ptr<Weighting>> weightings;
  for (std::size_t choice = 0; choice < choices_.size(); ++choice) {
    weightings.push_back(weighting_of(choice));
  }
  Graph supernet = graph_.clone();
  supernet.update_edges([&](EdgeData& edge) {
    Candidates* candidates = edge.op().candidates();
    if (!candidates || !edge.has(kChoice)) return;
    edge.set_op(Mixed{std::move(*candidates), weightings[edge.get<std::size_t>(kChoice)]});
  });
  return supernet;
}

}  // namespace espalier
