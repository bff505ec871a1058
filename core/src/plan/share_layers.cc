// Computes equal layers that read the same tensors once. Many candidates begin alike (a relu, a pool), and
// all edges that leave a node have the same candidates: without this pass a supernet computes the same relu
// of a node for every convolution on every edge. Only layers without weights or random numbers are shared;
// two convolutions are different functions.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "plan/plan_builder.h"

namespace espalier {

using Kind = PlanStep::Kind;

namespace {

/// Whether two layers of this kind that read the same tensors compute the same.
bool is_function(const Layer& layer) {
  return layer.get_if<ReLU>() || layer.get_if<MaxPool>() || layer.get_if<AvgPool>() || layer.get_if<Zero>() ||
         layer.get_if<Identity>() || layer.get_if<GlobalAvgPool>() || layer.get_if<Shift>() ||
         layer.get_if<Concat>() || layer.get_if<Activation>() || layer.get_if<Slice>() ||
         layer.get_if<ChannelShuffle>() || layer.get_if<Multiply>();
}

}  // namespace

void PlanBuilder::share_layers() {
  int shared = 0;
  std::map<std::vector<int>, std::vector<int>> by_inputs;
  for (PlanStep& step : plan_.steps) {
    refresh_inputs(step);
    if (step.kind != Kind::layer || !is_function(layer(step.layers.front()))) continue;
    std::vector<int>& others = by_inputs[step.inputs];
    const int output = step.outputs.front();
    const auto equal = std::find_if(others.begin(), others.end(), [&](int other) {
      return layer(other) == layer(output) && shape(other) == shape(output);
    });
    if (equal == others.end()) {
      others.push_back(output);
      continue;
    }
    replace(output, *equal);
    step.outputs.clear();
    ++shared;
  }
  erase_emptied_steps();
  plan_.notes.push_back(fmt::format("share_layers: {} layers share the result of an equal one", shared));
}

}  // namespace espalier
