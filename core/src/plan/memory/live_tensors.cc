#include "plan/memory/live_tensors.h"

#include <algorithm>

namespace espalier {

using Kind = PlanStep::Kind;

LiveTensors::LiveTensors(const Plan& plan, std::int64_t batch)
    : plan_(plan),
      batch_(batch),
      values_(plan.graph.nodes.size(), Storages::kNone),
      gradients_(values_),
      producers_(values_.size()),
      deferred_(values_.size()) {
  for (const PlanStep& step : plan.steps)
    for (const int output : step.outputs) producers_[static_cast<std::size_t>(output)] = &step;
}

void LiveTensors::run(const PlanStep& step, bool keep) {
  for (const int output : step.outputs) value(output) = storages_.allocate(size(output));
  // A merged convolution and its batch norm hold all their channels at once.
  for (const int norm : step.batch_norms) storages_.add(size(norm));
  for (const int norm : step.batch_norms)
    if (!keep) storages_.add(-size(norm));
  storages_.add(unnamed(step));
  if (!keep) storages_.add(-unnamed(step));
  for (const int kept : saved(step))
    if (keep) storages_.hold(value(kept));
  for (const int gone : step.released) storages_.release(value(gone));
}

void LiveTensors::hold_values(const std::vector<int>& nodes) {
  for (const int node : nodes)
    if (node != LayerGraph::kInput) storages_.hold(value(node));
}

void LiveTensors::release_values(const std::vector<int>& nodes) {
  for (const int node : nodes)
    if (node != LayerGraph::kInput) storages_.release(value(node));
}

std::vector<int> LiveTensors::saved(const PlanStep& step) const {
  const auto is = [&]<class... T>() {
    return step.kind == Kind::layer && ((layer(step.layers.front()).get_if<T>() != nullptr) || ...);
  };
  std::vector<int> kept;
  if (step.kind == Kind::sum) {
    for (const PlanStep::Term& term : step.terms) kept.push_back(term.value);
  } else if (is.operator()<ReLU>() || (is.operator()<Activation>() && is_of_output(step))) {
    kept = step.outputs;
  } else if (step.kind != Kind::layer || is.operator()<Activation, Conv2d, BatchNorm, LayerNorm, MaxPool,
                                                       Linear, Multiply, Dropout, DropPath, CustomLayer>()) {
    kept = step.inputs;
  }
  std::erase(kept, LayerGraph::kInput);
  return kept;
}

bool LiveTensors::is_of_output(const PlanStep& step) const {
  const ActivationFunction function = layer(step.layers.front()).get_if<Activation>()->function;
  return function == ActivationFunction::sigmoid || function == ActivationFunction::tanh;
}

std::int64_t LiveTensors::unnamed(const PlanStep& step) const {
  if (step.kind != Kind::layer) return 0;
  const int node = step.layers.front();
  // The normalized values, and the mean and the deviation of each pixel.
  if (layer(node).get_if<LayerNorm>() != nullptr)
    return size(node) + 2 * size(node) / plan_.graph.nodes[static_cast<std::size_t>(node)].shape.channels;
  // The products of the first two factors, of the first three, and so on.
  if (layer(node).get_if<Multiply>() != nullptr)
    return static_cast<std::int64_t>(step.inputs.size() - 2) * size(node);
  return 0;
}

}  // namespace espalier
