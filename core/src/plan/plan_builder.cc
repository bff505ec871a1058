#include "plan/plan_builder.h"

#include <algorithm>
#include <boost/range/adaptor/reversed.hpp>
#include <numeric>
#include <utility>

namespace espalier {

using Kind = PlanStep::Kind;

PlanBuilder::PlanBuilder(LayerGraph graph)
    : plan_{.graph = std::move(graph), .steps = {}, .auxiliary_output = {}, .notes = {}} {
  const int count = static_cast<int>(plan_.graph.nodes.size());
  replaced_by_.resize(static_cast<std::size_t>(count));
  std::iota(replaced_by_.begin(), replaced_by_.end(), 0);
  plan_.output = count - 1;
  plan_.auxiliary_output = plan_.graph.auxiliary_output();
  for (int node = 0; node < count; ++node) {
    const LayerGraph::Node& layer_node = plan_.graph.nodes[static_cast<std::size_t>(node)];
    PlanStep step;
    // A zero reads nothing: its shape is known.
    if (layer_node.layer.get_if<Zero>() == nullptr) step.inputs = layer_node.inputs;
    step.outputs = step.layers = {node};
    const bool weighted = layer_node.layer.get_if<WeightedSum>() != nullptr;
    if (weighted || layer_node.layer.get_if<Sum>() != nullptr) {
      step.kind = Kind::sum;
      for (int candidate = 0; const int value : layer_node.inputs)
        step.terms.push_back({value, weighted ? node : -1, candidate++});
    }
    plan_.steps.push_back(std::move(step));
  }
}

int PlanBuilder::resolve(int value) const {
  while (value != LayerGraph::kInput && replaced_by_[static_cast<std::size_t>(value)] != value)
    value = replaced_by_[static_cast<std::size_t>(value)];
  return value;
}

void PlanBuilder::refresh_inputs(PlanStep& step) const {
  if (step.kind != Kind::sum) {
    for (int& value : step.inputs) value = resolve(value);
    return;
  }
  step.inputs.clear();
  for (PlanStep::Term& term : step.terms) {
    term.value = resolve(term.value);
    if (std::find(step.inputs.begin(), step.inputs.end(), term.value) == step.inputs.end())
      step.inputs.push_back(term.value);
  }
}

std::vector<int> PlanBuilder::count_readers() {
  std::vector<int> readers(replaced_by_.size(), 0);
  const auto read = [&](int value) {
    if (value != LayerGraph::kInput) ++readers[static_cast<std::size_t>(value)];
  };
  for (PlanStep& step : plan_.steps) {
    refresh_inputs(step);
    if (step.kind == Kind::sum)
      for (const PlanStep::Term& term : step.terms) read(term.value);
    else
      std::for_each(step.inputs.begin(), step.inputs.end(), read);
  }
  for (const int output : outputs()) read(output);
  return readers;
}

std::vector<int> PlanBuilder::outputs() const {
  std::vector<int> outputs = {resolve(plan_.output)};
  if (plan_.auxiliary_output) outputs.push_back(resolve(*plan_.auxiliary_output));
  return outputs;
}

void PlanBuilder::erase_emptied_steps() {
  std::erase_if(plan_.steps, [](const PlanStep& step) { return step.outputs.empty(); });
}

void PlanBuilder::erase_unread_steps() {
  std::vector<bool> read(replaced_by_.size(), false);
  for (const int output : outputs())
    if (output != LayerGraph::kInput) read[static_cast<std::size_t>(output)] = true;
  for (PlanStep& step : boost::adaptors::reverse(plan_.steps)) {
    refresh_inputs(step);
    const bool needed = std::any_of(step.outputs.begin(), step.outputs.end(),
                                    [&](int value) { return read[static_cast<std::size_t>(value)]; });
    if (!needed) step.outputs.clear();
    for (const int value : step.inputs)
      if (needed && value != LayerGraph::kInput) read[static_cast<std::size_t>(value)] = true;
  }
  erase_emptied_steps();
}

Plan PlanBuilder::finish() {
  const std::vector<int> readers = count_readers();
  const auto read_once = [&](int value) {
    return value != LayerGraph::kInput && readers[static_cast<std::size_t>(value)] == 1;
  };
  for (PlanStep& step : plan_.steps)
    for (PlanStep::Term& term : step.terms) term.only_reader = read_once(term.value);
  plan_.output = resolve(plan_.output);
  if (plan_.auxiliary_output) plan_.auxiliary_output = resolve(*plan_.auxiliary_output);
  return std::move(plan_);
}

}  // namespace espalier
