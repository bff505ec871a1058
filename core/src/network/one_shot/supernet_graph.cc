#include "one_shot/supernet_graph.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier {
namespace {

/// What the output of a network depends on.
struct Reached {
  bool images = false;
  std::set<const Weighting*> weightings;
};

Reached reached_from_output(const LayerGraph& network) {
  Reached reached;
  std::vector<char> needed(network.nodes.size(), 0);
  needed.back() = 1;
  for (std::size_t i = network.nodes.size(); i-- > 0;) {
    if (needed[i] == 0) continue;
    if (network.nodes[i].weighting != nullptr) reached.weightings.insert(network.nodes[i].weighting.get());
    for (const int input : network.nodes[i].inputs) {
      if (input == LayerGraph::kInput)
        reached.images = true;
      else
        needed[static_cast<std::size_t>(input)] = 1;
    }
  }
  return reached;
}

[[noreturn]] void refuse_graph(const Plugin& optimizer, const std::string& what,
                               const std::string& expected) {
  throw_plugin_mistake(
      optimizer, "the plugin's change_supernet() left a graph that cannot be trained: " + what, expected);
}

LayerGraph flattened(const Plugin& optimizer, const Graph& graph, const SearchSpace& space) {
  try {
    return flatten(graph, space.input_shape(), Purpose::search);
  } catch (const Error& error) {
    const ErrorDetails& details = error.details();
    refuse_graph(optimizer, details.where.empty() ? details.what : details.what + " at " + details.where,
                 details.expected.empty() ? "a graph whose layers fit together" : details.expected);
  }
}

}  // namespace

Graph make_supernet(const Plugin& optimizer, const SearchSpace& space,
                    const std::function<std::shared_ptr<OpWeighting>(std::size_t choice)>& weighting_of,
                    const std::function<void(Graph&)>& change) {
  std::vector<std::shared_ptr<OpWeighting>> weightings;
  Graph graph = space.relax([&](std::size_t choice) {
    weightings.push_back(weighting_of(choice));
    return weightings.back();
  });
  const Shape output = flatten(graph, space.input_shape(), Purpose::search).output();
  call_plugin(optimizer, "change_supernet()", [&] { change(graph); });

  const LayerGraph network = flattened(optimizer, graph, space);
  if (network.output() != output)
    refuse_graph(optimizer, fmt::format("its output is {}", to_string(network.output())), to_string(output));
  const Reached reached = reached_from_output(network);
  if (!reached.images)
    refuse_graph(optimizer, "nothing leads from the images to the output", "a path between them");
  for (std::size_t i = 0; i < weightings.size(); ++i)
    if (!reached.weightings.contains(weightings[i].get()))
      refuse_graph(optimizer,
                   fmt::format("nothing leads from the choice {} to the output", space.choices()[i].name),
                   "every choice on a path to the output");
  return graph;
}

}  // namespace espalier
