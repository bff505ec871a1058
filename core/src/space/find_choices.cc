#include "space/find_choices.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/space/architecture.h"

namespace espalier {
namespace {

/// The attribute, shared by all copies of an edge or node, that holds the index of its choice.
constexpr const char* kChoice = "espalier.choice";

/// An edge or a node that has candidates.
struct Place {
  Attributes* data = nullptr;
  const Candidates* candidates = nullptr;
  std::string given_name = {};
  std::optional<EdgeId> edge = {};
  std::optional<int> node = {};
  bool is_final = false;

  std::string in(const Graph& graph) const {
    return edge ? fmt::format("{}.edge_{}_{}", graph.name(), edge->first, edge->second)
                : fmt::format("{}.node_{}", graph.name(), *node);
  }
};

std::vector<Place> places_in(Graph& graph) {
  std::vector<Place> places;
  for (const EdgeId& id : graph.edges()) {
    EdgeData& edge = graph.edge(id.first, id.second);
    if (const Candidates* candidates = edge.op().candidates())
      places.push_back({.data = &edge,
                        .candidates = candidates,
                        .given_name = edge.choice_name(),
                        .edge = id,
                        .is_final = edge.is_final()});
  }
  for (const int id : graph.nodes()) {
    NodeData& node = graph.node(id);
    if (node.op() && node.op()->is_choice())
      places.push_back({.data = &node,
                        .candidates = node.op()->candidates(),
                        .given_name = node.choice_name(),
                        .node = id});
  }
  return places;
}

void check_name(const std::string& name) {
  if (name.find_first_of("=;") == std::string::npos) return;
  throw Error({.what = fmt::format("\"{}\" cannot be part of an architecture's string", name),
               .expected = "names of graphs, choices and operations without '=' and ';'"});
}

/// `name`, or the first of `name_2`, `name_3`, … that is not taken.
std::string unique(const std::string& name, std::set<std::string>& taken) {
  std::string result = name;
  for (int copy = 2; !taken.insert(result).second; ++copy) result = fmt::format("{}_{}", name, copy);
  check_name(result);
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
  for (const Operation& candidate : candidates) {
    if (candidate.is_choice())
      throw Error(
          {.what = fmt::format("a candidate of {} is itself a list of candidates", choice),
           .remedy = "put the list on an edge or a node of a graph, and make that graph the candidate"});
    names.push_back(unique(candidate.name(), taken));
  }
  return names;
}

class Finder {
 public:
  void add(const Place& place, const Graph& graph) {
    if (place.data->has(kChoice)) return check_copy(place, graph);
    place.data->set(kChoice, choices_.size(), Sharing::shared_data);
    const std::string name = name_of(place, graph);
    choices_.push_back({.name = name,
                        .candidates = candidate_names(*place.candidates, name),
                        .graph = graph.name(),
                        .scope = graph.scope(),
                        .edge = place.edge,
                        .node = place.node});
  }
  std::vector<Choice> take() && { return std::move(choices_); }

 private:
  std::string name_of(const Place& place, const Graph& graph) {
    if (place.given_name.empty()) return unique(place.in(graph), taken_);
    check_name(place.given_name);
    if (taken_.insert(place.given_name).second) return place.given_name;
    throw Error({.what = fmt::format("two choices are called \"{}\"", place.given_name),
                 .where = place.in(graph),
                 .remedy = "give each a name of its own, or make their graphs copies, which share choices"});
  }

  void check_copy(const Place& place, const Graph& graph) const {
    const Choice& choice = choices_[place.data->get<std::size_t>(kChoice)];
    if (place.candidates->size() == choice.candidates.size()) return;
    throw Error({.what = fmt::format("{} in scope \"{}\" has {} candidates", place.in(graph), graph.scope(),
                                     place.candidates->size()),
                 .expected = fmt::format("{}, as every copy of {}", choice.candidates.size(), choice.name)});
  }

  std::vector<Choice> choices_;
  std::set<std::string> taken_;
};

std::string list(const Scopes& scopes) {
  return scopes.empty() ? "all scopes" : fmt::format("scopes {}", join_names(scopes));
}

/// Candidates that nobody chooses from stay in the network, which no compiler takes.
void check_all_are_chosen(Graph& graph, const Scopes& scopes) {
  for (Graph* instance : graph.instances()) {
    for (const Place& place : places_in(*instance)) {
      if (place.data->has(kChoice) && !place.is_final) continue;
      throw Error({.what = fmt::format("nothing chooses from the {} candidates at {}",
                                       place.candidates->size(), place.in(*instance)),
                   .where = fmt::format("a graph of scope \"{}\"", instance->scope()),
                   .expected = place.is_final ? "one operation on a final edge"
                                              : fmt::format("candidates within {} alone", list(scopes)),
                   .remedy = "set one operation there, or let the search choose"});
    }
  }
}

/// Collects the nestings of each choice: a walk that knows the candidates that it is in.
class NestingWalk {
 public:
  explicit NestingWalk(std::size_t choices) : nestings_(choices) {}

  void walk(const Graph& graph) {
    for (const auto& [from, to] : graph.edges()) {
      const EdgeData& edge = graph.edge(from, to);
      visit(edge, edge.op());
    }
    for (const int id : graph.nodes())
      if (const NodeData& node = graph.node(id); node.op()) visit(node, *node.op());
  }
  std::vector<std::set<Nesting>> take() && { return std::move(nestings_); }

 private:
  void visit(const Attributes& place, const Operation& operation) {
    if (const Graph* graph = operation.graph()) return walk(*graph);
    const std::optional<std::size_t> choice = choice_of(place);
    if (!choice || operation.candidates() == nullptr) return;
    // A copy within a candidate of its own choice: only with this candidate is it in a network.
    const auto same = std::ranges::find(within_, *choice, &Taken::choice);
    const bool decided = same != within_.end();
    const std::size_t taken = decided ? same->candidate : 0;
    Nesting sorted = within_;
    std::ranges::sort(sorted);
    nestings_[*choice].insert(std::move(sorted));
    for (std::size_t i = 0; i < operation.candidates()->size(); ++i) {
      const Graph* graph = (*operation.candidates())[i].graph();
      if (graph == nullptr || (decided && i != taken)) continue;
      if (!decided) within_.push_back({.choice = *choice, .candidate = i});
      walk(*graph);
      if (!decided) within_.pop_back();
    }
  }

  std::vector<std::set<Nesting>> nestings_;
  Nesting within_;
};

}  // namespace

std::vector<Choice> find_choices(Graph& graph, const Scopes& scopes) {
  for (Graph* instance : graph.instances())  // marks of the space that the graph was taken from
    for (const Place& place : places_in(*instance)) place.data->erase(kChoice);
  Finder finder;
  for (Graph* instance : graph.instances(scopes))
    for (const Place& place : places_in(*instance))
      if (!place.is_final) finder.add(place, *instance);
  std::vector<Choice> choices = std::move(finder).take();
  if (std::ranges::none_of(choices, [](const Choice& c) { return c.candidates.size() > 1; })) {
    throw Error({.what = fmt::format("graph \"{}\" leaves nothing to choose", graph.name()),
                 .where = list(scopes),
                 .expected = "an edge or a node with two candidates or more",
                 .remedy = "check the names of the scopes and which edges are final"});
  }
  check_all_are_chosen(graph, scopes);
  return choices;
}

std::optional<std::size_t> choice_of(const Attributes& place) {
  return place.has(kChoice) ? std::optional(place.get<std::size_t>(kChoice)) : std::nullopt;
}

std::unique_ptr<const Conditions> find_conditions(const Graph& graph, const std::vector<Choice>& choices) {
  NestingWalk nestings(choices.size());
  nestings.walk(graph);
  std::vector<std::size_t> candidates(choices.size());
  std::ranges::transform(choices, candidates.begin(),
                         [](const Choice& choice) { return choice.candidates.size(); });
  auto conditions = std::make_unique<const Conditions>(std::move(nestings).take(), candidates);
  return conditions->empty() ? nullptr : std::move(conditions);
}

}  // namespace espalier
