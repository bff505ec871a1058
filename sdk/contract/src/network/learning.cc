#include "network/learning.h"

#include <ATen/ATen.h>

#include <vector>

#include "espalier/plan/layer_graph.h"
#include "network/tensors.h"
#include "rules/expect.h"

namespace espalier::contract {
namespace {

/// Says for each layer whether it lies on a path from the input to the output that no Zero layer cuts. The
/// gradients of all other layers are rightly zero.
std::vector<bool> is_on_a_path(const LayerGraph& layers) {
  const std::size_t count = layers.nodes.size();
  const auto is_zero_layer = [&](std::size_t i) { return layers.nodes[i].layer.get_if<Zero>() != nullptr; };
  std::vector<bool> from_input(count, false);
  for (std::size_t i = 0; i < count; ++i) {
    if (is_zero_layer(i)) continue;
    for (const int input : layers.nodes[i].inputs)
      if (input == LayerGraph::kInput || from_input[static_cast<std::size_t>(input)]) from_input[i] = true;
  }
  std::vector<bool> to_output(count, false);
  to_output.back() = true;
  if (const auto head = layers.auxiliary_output()) to_output[static_cast<std::size_t>(*head)] = true;
  for (std::size_t i = count; i-- > 0;) {
    if (!to_output[i] || is_zero_layer(i)) continue;
    for (const int input : layers.nodes[i].inputs)
      if (input != LayerGraph::kInput) to_output[static_cast<std::size_t>(input)] = true;
  }
  for (std::size_t i = 0; i < count; ++i) to_output[i] = to_output[i] && from_input[i];
  return to_output;
}

}  // namespace

Gradients gradients_of(Network& network) {
  const LayerGraph& layers = network.plan().graph;
  const std::vector<bool> counts = is_on_a_path(layers);
  const auto parameters = network.named_parameters();
  Gradients all;
  for (std::size_t i = 0; i < layers.nodes.size(); ++i) {
    const std::string prefix = layers.nodes[i].name + ".";
    for (const auto& entry : parameters)
      if (counts[i] && entry.key().starts_with(prefix)) all[entry.key()] = entry.value().grad();
  }
  return all;
}

void expect_learning(const std::string& of, const std::function<Gradients(std::uint64_t seed)>& gradients) {
  std::map<std::string, std::string> stuck;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    std::map<std::string, std::string> still;
    for (const auto& [name, gradient] : gradients(seed)) {
      if (seed > 0 && !stuck.contains(name)) continue;
      if (!gradient.defined())
        still[name] = "no gradient";
      else if (!is_finite(gradient))
        throw Violation(fmt::format("the gradient of {} in {} is not finite", name, of));
      else if (is_zero(gradient))
        still[name] = "a gradient of zero";
    }
    stuck = still;
    if (stuck.empty()) return;
  }
  throw Violation(fmt::format("{} in {} has {} ({} such parameters)", stuck.begin()->first, of,
                              stuck.begin()->second, stuck.size()));
}

at::Tensor loss_of(const at::Tensor& logits) {
  const at::Tensor labels = at::arange(logits.size(0), at::kLong).remainder(logits.size(1));
  return at::cross_entropy_loss(logits, labels);
}

}  // namespace espalier::contract
