#include "plan/live_tensors.h"

#include <algorithm>

#include "plan/filter_groups.h"

namespace espalier {

using Kind = PlanStep::Kind;

LiveTensors::LiveTensors(const Plan& plan, std::int64_t batch)
    : plan_(plan),
      batch_(batch),
      values_(plan.graph.nodes.size(), kNone),
      gradients_(values_),
      makers_(values_.size()),
      deferred_(values_.size()) {
  for (const PlanStep& step : plan.steps)
    for (const int output : step.outputs) makers_[static_cast<std::size_t>(output)] = &step;
}

void LiveTensors::run(const PlanStep& step, bool keep) {
  for (const int output : step.outputs) make(value(output), size(output));
  // Between a merged convolution and its batch norm all their channels are there twice.
  for (const int norm : step.batch_norms) add(size(norm));
  for (const int norm : step.batch_norms)
    if (!keep) add(-size(norm));
  for (const int kept : saved(step))
    if (keep) hold(value(kept));
  for (const int gone : step.released) release(value(gone));
}

void LiveTensors::run_backward(const PlanStep& step) {
  if (step.kind == Kind::sum) gather_deferred(step.outputs.front());
  for (const int input : step.inputs)
    if (input != LayerGraph::kInput) run_backward(step, input);
  add(filter_sums(step));
  add(-filter_sums(step));
  for (const int output : step.outputs) {
    release_deferred(output);
    release(gradient(output));
    gradient(output) = kNone;
  }
  for (const int norm : step.batch_norms) add(-size(norm));
  for (const int kept : saved(step)) release(value(kept));
}

void LiveTensors::hold_values(const std::vector<int>& nodes) {
  for (const int node : nodes)
    if (node != LayerGraph::kInput) hold(value(node));
}

void LiveTensors::release_values(const std::vector<int>& nodes) {
  for (const int node : nodes)
    if (node != LayerGraph::kInput) release(value(node));
}

void LiveTensors::add(std::int64_t numbers) {
  alive_ += numbers;
  peak_ = std::max(peak_, alive_);
}

void LiveTensors::make(std::size_t& storage, std::int64_t numbers) {
  storage = storages_.size();
  storages_.push_back({.holders = 1, .size = numbers});
  add(numbers);
}

void LiveTensors::hold(std::size_t storage) {
  if (storage != kNone) ++storages_[storage].holders;
}

void LiveTensors::release(std::size_t storage) {
  if (storage != kNone && --storages_[storage].holders == 0) add(-storages_[storage].size);
}

void LiveTensors::take_gradient(std::size_t storage, int node) {
  std::size_t& to = gradient(node);
  if (to == kNone) {
    to = storage;
    return;
  }
  if (storages_[to].holders > 1) {  // another one reads it: their sum is a third
    const std::size_t before = to;
    make(to, size(node));
    release(before);
  }
  release(storage);
}

std::int64_t LiveTensors::filter_sums(const PlanStep& step) const {
  if (step.kind != Kind::source) return 0;
  std::int64_t numbers = 0;
  for (const int of_step : step.layers) {
    const auto* conv = layer(of_step).get_if<Conv2d>();
    const std::int64_t parameters = plan_.graph.nodes[static_cast<std::size_t>(of_step)].parameters;
    // Winograd F(2×2, 3×3) sums 16 numbers in place of 9.
    const bool winograd = conv != nullptr && conv->kernel == 3 && conv->stride == 1 && conv->groups == 1;
    numbers += winograd ? parameters * 16 / 9 : parameters;
  }
  return numbers * std::min<std::int64_t>(kFilterGroups, batch_);
}

std::vector<int> LiveTensors::saved(const PlanStep& step) const {
  const auto is = [&]<class... T>() {
    return step.kind == Kind::layer && ((layer(step.layers.front()).get_if<T>() != nullptr) || ...);
  };
  std::vector<int> kept;
  if (step.kind == Kind::sum) {
    for (const PlanStep::Term& term : step.terms) kept.push_back(term.value);
  } else if (is.operator()<ReLU>()) {
    kept = step.outputs;
  } else if (step.kind != Kind::layer ||
             is.operator()<Conv2d, BatchNorm, MaxPool, Linear, Dropout, DropPath, CustomLayer>()) {
    kept = step.inputs;
  }
  std::erase(kept, LayerGraph::kInput);
  return kept;
}

bool LiveTensors::is_pool(int node) const {
  return layer(node).get_if<MaxPool>() != nullptr || layer(node).get_if<AvgPool>() != nullptr;
}

bool LiveTensors::defers(int node) const {
  const Kind maker = makers_[static_cast<std::size_t>(node)]->kind;
  const bool can = maker == Kind::source || maker == Kind::sum || is_pool(node);
  return can && std::find(entered_.begin(), entered_.end(), node) == entered_.end();
}

bool LiveTensors::forgets(int node) const { return layer(node).get_if<Conv2d>() != nullptr || is_pool(node); }

void LiveTensors::run_backward(const PlanStep& step, int input) {
  const bool has_kernel =
      step.kind == Kind::source || step.kind == Kind::sum || is_pool(step.outputs.front());
  const bool deferred = has_kernel && defers(input);
  auto& list = deferred_[static_cast<std::size_t>(input)];
  if (step.kind != Kind::sum) {
    std::size_t made = kNone;
    make(made, size(input));
    if (!deferred) return take_gradient(made, input);
    const bool normalised = step.reading.batch_norm >= 0;
    if (normalised) hold(value(input));
    list.push_back({made, normalised ? value(input) : kNone, /*spare=*/true, /*whole=*/!normalised});
    return;
  }
  const auto term = std::find_if(step.terms.begin(), step.terms.end(),
                                 [&](const PlanStep::Term& each) { return each.value == input; });
  const bool as_it_is = term->weighted_sum < 0 && term->batch_norm < 0;
  std::size_t made = gradient(step.outputs.front());
  if (deferred) {
    const std::size_t needed = term->batch_norm >= 0 ? value(input) : kNone;
    hold(made);
    hold(needed);
    list.push_back({made, needed, /*spare=*/false, /*whole=*/as_it_is});
    return;
  }
  if (as_it_is) {
    hold(made);
  } else if (term->only_reader && forgets(input)) {
    made = value(input);  // it is written over the value
    hold(made);
  } else {
    make(made, size(input));
  }
  take_gradient(made, input);
}

void LiveTensors::gather_deferred(int node) {
  auto& list = deferred_[static_cast<std::size_t>(node)];
  if (list.empty()) return;
  std::size_t& to = gradient(node);
  if (list.size() == 1 && list.front().whole && to == kNone) {
    to = list.front().gradient;
    hold(to);
    return release_deferred(node);
  }
  const auto spare = std::find_if(list.begin(), list.end(), [](const Deferred& each) { return each.spare; });
  const std::size_t of_autograd = to;
  if (spare != list.end())
    hold(to = spare->gradient);
  else
    make(to, size(node));
  release(of_autograd);
  release_deferred(node);
}

void LiveTensors::release_deferred(int node) {
  auto& list = deferred_[static_cast<std::size_t>(node)];
  for (const Deferred& each : list) {
    release(each.gradient);
    release(each.value);
  }
  list.clear();
}

}  // namespace espalier
