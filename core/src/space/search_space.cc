#include "espalier/space/search_space.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/plugin/plugin_call.h"
#include "space/conditions.h"
#include "space/distinct.h"
#include "space/find_choices.h"

namespace espalier {
namespace {

void check_shape(const Graph& graph, const Shape& input_shape) {
  if (input_shape.channels >= 1 && input_shape.height >= 1 && input_shape.width >= 1) return;
  throw Error({.what = fmt::format("the input of graph \"{}\" is {}", graph.name(), to_string(input_shape)),
               .expected = "a channel or more, and a pixel or more"});
}

/// Puts what `replacement(choice, candidates)` returns in place of the candidates of every choice.
template <class Replacement>
void replace_choices(Graph& graph, const std::vector<Choice>& choices, Replacement replacement) {
  const auto replace = [&](const Attributes& place, Operation& operation) {
    const std::optional<std::size_t> choice = choice_of(place);
    if (!choice || !operation.is_choice()) return;
    Operation replaced = replacement(*choice, *operation.candidates());
    operation = std::move(replaced);
  };
  graph.update_edges([&](EdgeData& edge) { replace(edge, edge.op()); });
  const auto on_node = [](const Choice& choice) { return choice.node.has_value(); };
  if (std::ranges::none_of(choices, on_node)) return;
  graph.update_nodes([&](Graph::NodeVisit& visit) {
    if (visit.node.op()) replace(visit.node, *visit.node.op());
  });
}

}  // namespace

SearchSpace::SearchSpace(SpaceDefinition definition)
    : graph_(definition.graph.clone()),  // other graphs of the plugin may share attributes with the original
      scopes_(std::move(definition.scopes)),
      input_shape_(definition.input_shape),
      has_supernet_(!definition.discrete_only) {
  check_shape(graph_, input_shape_);
  choices_ = find_choices(graph_, scopes_);
  for (const Choice& choice : choices_)
    candidate_counts_.push_back(static_cast<std::uint32_t>(choice.candidates.size()));
  conditions_ = find_conditions(graph_, choices_);
  if (conditions_)
    distinct_ = std::make_unique<const DistinctArchitectures>(
        *conditions_, std::vector<std::size_t>(candidate_counts_.begin(), candidate_counts_.end()));
  // A supernet sums the candidates of each choice: shapes that do not fit are found here, not in a search.
  if (has_supernet_) flatten(graph_, input_shape_, Purpose::search);
}

SearchSpace::~SearchSpace() = default;

Graph SearchSpace::subnetwork(const Architecture& architecture) const {
  check(architecture);
  Graph network = graph_.clone();
  replace_choices(network, choices_, [&](std::size_t choice, Candidates& candidates) {
    return std::move(candidates.at(architecture[choice]));
  });
  call_plugin(*this, "prepare_discretization hook", [&] { network.prepare_discretization(); });
  return network;
}

Graph SearchSpace::instantiate(const Architecture& architecture) const {
  Graph network = subnetwork(architecture);
  call_plugin(*this, "prepare_evaluation hook", [&] { network.prepare_evaluation(); });
  return network;
}

Graph SearchSpace::relax(
    const std::function<std::shared_ptr<Weighting>(std::size_t choice)>& weighting_of) const {
  check_supernet();
  std::vector<std::shared_ptr<Weighting>> weightings;
  for (std::size_t choice = 0; choice < choices_.size(); ++choice) {
    weightings.push_back(weighting_of(choice));
  }
  Graph supernet = graph_.clone();
  replace_choices(supernet, choices_, [&](std::size_t choice, Candidates& candidates) {
    return Mixed{std::move(candidates), weightings[choice]};
  });
  return supernet;
}

void SearchSpace::check_supernet() const {
  if (has_supernet_) return;
  throw UsageError({.what = fmt::format("the search space \"{}\" has no supernet", name()),
                    .expected = "a space whose candidates can be summed, for a one-shot search",
                    .remedy = "use a discrete optimizer, such as regularized_evolution"});
}

}  // namespace espalier
