#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "espalier/plan/layer_graph.h"
#include "espalier/plan/plan.h"

namespace espalier {
namespace {

/// The layers of inference: without the head, and with an identity for what acts in training alone.
LayerGraph of_inference(const LayerGraph& graph) {
  LayerGraph kept{.input = graph.input, .nodes = {}};
  kept.nodes.reserve(graph.nodes.size());
  std::vector<int> place(graph.nodes.size(), LayerGraph::kInput);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].auxiliary) continue;  // only the head reads the head
    place[i] = static_cast<int>(kept.nodes.size());
    LayerGraph::Node& node = kept.nodes.emplace_back(graph.nodes[i]);
    for (int& input : node.inputs)
      if (input != LayerGraph::kInput) input = place[static_cast<std::size_t>(input)];
    if (node.layer.get_if<Dropout>() != nullptr || node.layer.get_if<DropPath>() != nullptr)
      node.layer = Identity{};
  }
  return kept;
}

/// Layer by layer, but for what computes nothing.
PlanOptions layer_by_layer() {
  PlanOptions options = PlanOptions::none();
  options.drop_identities = true;
  options.release_tensors = true;
  return options;
}

}  // namespace

std::int64_t LayerGraph::activation_bytes() const {
  constexpr std::int64_t kBytes = 4;
  const Plan plan = make_plan(of_inference(*this), layer_by_layer());
  // A plan does not release the image, which a caller may hold.
  auto last_reader = plan.steps.begin();
  for (auto step = plan.steps.begin(); step != plan.steps.end(); ++step)
    if (std::ranges::find(step->inputs, kInput) != step->inputs.end()) last_reader = step;

  std::int64_t alive = input.elements();
  std::int64_t peak = alive;
  const auto size = [&](int node) {
    return plan.graph.nodes[static_cast<std::size_t>(node)].shape.elements();
  };
  for (auto step = plan.steps.begin(); step != plan.steps.end(); ++step) {
    for (const int output : step->outputs) alive += size(output);
    peak = std::max(peak, alive);
    for (const int gone : step->released) alive -= size(gone);
    if (step == last_reader && plan.output != kInput) alive -= input.elements();
  }
  return peak * kBytes;
}

}  // namespace espalier
