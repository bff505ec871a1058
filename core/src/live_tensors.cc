#include "live_tensors.h"

#include <algorithm>

#include "filter_groups.h"

namespace espalier {

using Kind = PlanStep::Kind;

LiveTensors::LiveTensors(const Plan& plan, std::int64_t batch)
    : plan_(plan),
      batch_(batch),
      values_(plan.graph.nodes.size(), kNone),
      gradients_(values_),
      makers_(values_.size()) {
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
  for (const int input : step.inputs)
    if (input != LayerGraph::kInput) take_gradient(make_gradient(step, input), input);
  add(filter_sums(step));
  add(-filter_sums(step));
  for (const int output : step.outputs) {
    if (std::erase(deferred_, output) > 0) release(value(output));
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
  const bool can = makers_[static_cast<std::size_t>(node)]->kind == Kind::source || is_pool(node);
  return can && std::find(entered_.begin(), entered_.end(), node) == entered_.end();
}

bool LiveTensors::forgets(int node) const { return layer(node).get_if<Conv2d>() != nullptr || is_pool(node); }

std::size_t LiveTensors::make_gradient(const PlanStep& step, int input) {
  const auto term = std::find_if(step.terms.begin(), step.terms.end(),
                                 [&](const PlanStep::Term& each) { return each.value == input; });
  const bool only_reader =
      step.kind == Kind::sum ? term->only_reader : step.reading.batch_norm >= 0 && step.only_reader;
  const bool deferred = only_reader && defers(input);
  if (deferred) {
    deferred_.push_back(input);
    hold(value(input));
  }
  std::size_t made = kNone;
  if (step.kind == Kind::sum) {
    const bool as_it_is = term->weighted_sum < 0 && term->batch_norm < 0;
    if (as_it_is || deferred)
      made = gradient(step.outputs.front());
    else if (only_reader && forgets(input))
      made = value(input);  // it is written over the value
  }
  if (made == kNone)
    make(made, size(input));
  else
    hold(made);
  return made;
}

}  // namespace espalier
