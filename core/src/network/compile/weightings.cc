#include "compile/weightings.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <string>

#include "espalier/errors/errors.h"
#include "tensors/numbers.h"

namespace espalier {
namespace {

OpWeighting& weighting_of(const LayerGraph::Node& node) {
  auto* weighting = dynamic_cast<OpWeighting*>(node.weighting.get());
  if (weighting == nullptr) {
    throw Error({.what = "candidates that nothing relaxes cannot be run",
                 .where = node.name,
                 .expected = "a Mixed operation with an OpWeighting",
                 .remedy = "relax the graph first, as a one-shot optimizer does, or choose an architecture"});
  }
  if (weighting->size() != node.inputs.size()) {
    throw Error({.what = "a weighting of " + std::to_string(weighting->size()) + " weights for " +
                         std::to_string(node.inputs.size()) + " candidates",
                 .where = node.name});
  }
  return *weighting;
}

}  // namespace

Weightings::Weightings(const LayerGraph& graph) : drawn_of_(graph.nodes.size(), -1) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].layer.get_if<WeightedSum>() == nullptr) continue;
    OpWeighting* const weighting = &weighting_of(graph.nodes[i]);
    const auto known = std::find(weightings_.begin(), weightings_.end(), weighting);
    drawn_of_[i] = static_cast<int>(known - weightings_.begin());
    if (known == weightings_.end()) weightings_.push_back(weighting);
  }
}

std::vector<DrawnWeights> Weightings::draw(const at::TensorOptions& options) const {
  std::vector<DrawnWeights> all;
  for (OpWeighting* weighting : weightings_) {
    DrawnWeights& drawn = all.emplace_back();
    drawn.weights = weighting->weights().to(options);
    drawn.values = numbers_of(drawn.weights);
    const bool needs_gradient = at::GradMode::is_enabled() && drawn.weights.requires_grad();
    for (std::size_t i = 0; i < drawn.values.size(); ++i)
      drawn.runs.push_back(weighting->runs(i) && (needs_gradient || drawn.values[i] != 0.0));
  }
  return all;
}

}  // namespace espalier
