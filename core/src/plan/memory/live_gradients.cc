// The backward half of LiveTensors. The gradient of a value is one of these:
//
// - deferred: the producer of the value (a fan-out, a sum, a pool or a slice) computes it itself, from terms
// that the
//   readers leave to it. A term holds the gradient of the reader's output, and for a batch norm the value
//   too.
// - shared: a sum hands its own gradient on to a term that weighs 1.
// - in place: a sum that alone reads a value writes the gradient over it, where the producer does not need
//   the value any more.
// - new memory, otherwise.
//
// Gradients that reach a value on several ways are added up as autograd does: into one of them, or, where
// another tensor shares that memory, into a third.
#include <algorithm>

#include "plan/memory/filter_groups.h"
#include "plan/memory/live_tensors.h"

namespace espalier {

using Kind = PlanStep::Kind;

void LiveTensors::run_backward(const PlanStep& step) {
  if (step.kind == Kind::sum) sum_deferred(step.outputs.front());
  for (const int input : step.inputs)
    if (input != LayerGraph::kInput) run_backward(step, input);
  storages_.add(filter_sums(step));
  storages_.add(-filter_sums(step));
  for (const int output : step.outputs) {
    release_deferred(output);
    storages_.release(gradient(output));
    gradient(output) = Storages::kNone;
  }
  for (const int norm : step.batch_norms) storages_.add(-size(norm));
  storages_.add(-unnamed(step));
  for (const int kept : saved(step)) storages_.release(value(kept));
}

std::int64_t LiveTensors::filter_sums(const PlanStep& step) const {
  if (step.kind != Kind::fan_out) return 0;
  std::int64_t numbers = 0;
  for (const int of_step : step.layers)
    numbers += plan_.graph.nodes[static_cast<std::size_t>(of_step)].parameters;
  return numbers * std::min<std::int64_t>(kFilterGroups, batch_);
}

std::int64_t LiveTensors::scratch(const PlanStep& step, int input) const {
  if (step.kind != Kind::layer) return 0;
  const int node = step.layers.front();
  // The gradient of a factor that is broadcast is summed over the pixels after it was computed for each.
  const bool is_broadcast = layer(node).get_if<Multiply>() != nullptr && size(input) < size(node);
  // The same holds for the scale of a layer norm; or this is the gradient of the normalized values.
  return is_broadcast || layer(node).get_if<LayerNorm>() != nullptr ? size(node) : 0;
}

bool LiveTensors::is_pool(int node) const {
  return layer(node).get_if<MaxPool>() != nullptr || layer(node).get_if<AvgPool>() != nullptr;
}

bool LiveTensors::takes_deferred(int node) const {
  const Kind producer = producers_[static_cast<std::size_t>(node)]->kind;
  const bool can = producer == Kind::fan_out || producer == Kind::sum || is_pool(node) ||
                   layer(node).get_if<Slice>() != nullptr;
  return can && std::find(entered_.begin(), entered_.end(), node) == entered_.end();
}

bool LiveTensors::forgets(int node) const { return layer(node).get_if<Conv2d>() != nullptr || is_pool(node); }

void LiveTensors::run_backward(const PlanStep& step, int input) {
  const bool has_kernel =
      step.kind == Kind::fan_out || step.kind == Kind::sum || is_pool(step.outputs.front());
  const bool deferred = has_kernel && takes_deferred(input);
  if (step.kind == Kind::sum) return run_backward_of_sum(step, input, deferred);
  const Id of_input = storages_.allocate(size(input));
  storages_.add(scratch(step, input));
  storages_.add(-scratch(step, input));
  if (!deferred) return accumulate_gradient(of_input, input);
  const bool normalized = step.reading.batch_norm >= 0;
  if (normalized) storages_.hold(value(input));
  deferred_[static_cast<std::size_t>(input)].push_back({.gradient = of_input,
                                                        .value = normalized ? value(input) : Storages::kNone,
                                                        .spare = true,
                                                        .whole = !normalized});
}

void LiveTensors::run_backward_of_sum(const PlanStep& step, int input, bool deferred) {
  const auto term = std::find_if(step.terms.begin(), step.terms.end(),
                                 [&](const PlanStep::Term& each) { return each.value == input; });
  const bool as_it_is = term->weighted_sum < 0 && term->batch_norm < 0;
  const Id of_sum = gradient(step.outputs.front());
  if (deferred) {
    const Id needed = term->batch_norm >= 0 ? value(input) : Storages::kNone;
    storages_.hold(of_sum);
    storages_.hold(needed);
    deferred_[static_cast<std::size_t>(input)].push_back(
        {.gradient = of_sum, .value = needed, .spare = false, .whole = as_it_is});
    return;
  }
  if (as_it_is) {
    storages_.hold(of_sum);
    accumulate_gradient(of_sum, input);
  } else if (term->only_reader && forgets(input)) {
    storages_.hold(value(input));
    accumulate_gradient(value(input), input);
  } else {
    accumulate_gradient(storages_.allocate(size(input)), input);
  }
}

void LiveTensors::accumulate_gradient(Id storage, int node) {
  Id& to = gradient(node);
  if (to == Storages::kNone) {
    to = storage;
    return;
  }
  if (storages_.is_shared(to)) {
    const Id before = to;
    to = storages_.allocate(size(node));
    storages_.release(before);
  }
  storages_.release(storage);
}

void LiveTensors::sum_deferred(int node) {
  auto& list = deferred_[static_cast<std::size_t>(node)];
  if (list.empty()) return;
  Id& to = gradient(node);
  if (list.size() == 1 && list.front().whole && to == Storages::kNone) {
    to = list.front().gradient;
    storages_.hold(to);
    return release_deferred(node);
  }
  const auto spare = std::find_if(list.begin(), list.end(), [](const Deferred& each) { return each.spare; });
  const Id of_autograd = to;
  if (spare != list.end())
    storages_.hold(to = spare->gradient);
  else
    to = storages_.allocate(size(node));
  storages_.release(of_autograd);
  release_deferred(node);
}

void LiveTensors::release_deferred(int node) {
  auto& list = deferred_[static_cast<std::size_t>(node)];
  for (const Deferred& each : list) {
    storages_.release(each.gradient);
    storages_.release(each.value);
  }
  list.clear();
}

}  // namespace espalier
