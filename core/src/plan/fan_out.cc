// Makes the convolutions that read one tensor in the same way one step, a fan-out. Such a step reads a few
// images at a time into cache, applies the batch norm and the relu on the way, pads them, and runs every
// branch on them while they are there; it never stores the normalized, rectified or padded tensor, nor what
// lies between the two convolutions of a separable one. The kernels are in network/convolution/; they run on
// the CPU only.
//
// The pass works in three steps:
//
// 1. Find the branches: a dense 1×1 or 3×3 convolution, a depthwise convolution, or a depthwise one that only
//    a pointwise (1×1) convolution reads.
// 2. Look backward from each branch, through a relu and then a batch norm, for the tensor that it really
//    reads. A relu is absorbed even if others read it too, as it is cheap to repeat. A batch norm is absorbed
//    only if a single fan-out reads it, for it updates its running statistics when it runs.
// 3. Group the branches that read the same tensor in the same way.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "plan/plan_builder.h"

namespace espalier {
namespace {

using Kind = PlanStep::Kind;

bool is_dense(const Conv2d& conv) {
  return conv.groups == 1 && conv.dilation == 1 && !conv.bias && (conv.kernel == 1 || conv.kernel == 3) &&
         conv.padding < conv.kernel;
}

bool is_pointwise(const Conv2d& conv) {
  return is_dense(conv) && conv.kernel == 1 && conv.stride == 1 && conv.padding == 0;
}

bool is_depthwise(const Conv2d& conv, const Shape& output) {
  const bool keeps_channels = conv.out_channels == kSameChannels || conv.out_channels == output.channels;
  return conv.groups == kDepthwise && keeps_channels && !conv.bias;
}

/// What reads what, and which convolutions begin and end a branch.
struct Branches {
  std::map<int, PlanStep*> producer;              ///< by tensor
  std::map<int, std::vector<PlanStep*>> readers;  ///< by tensor
  std::map<const PlanStep*, PlanStep*> last;      ///< by the step that begins a branch: the one that ends it

  const PlanStep* producer_of(int value) const {
    const auto found = producer.find(value);
    return found == producer.end() ? nullptr : found->second;
  }
  bool only_branches_read(int value) const {
    const std::vector<PlanStep*>& all = readers.at(value);
    return std::all_of(all.begin(), all.end(), [&](const PlanStep* step) { return last.contains(step); });
  }
};

/// The branches that read one tensor in the same way.
struct FanOut {
  int value;
  PlanStep::Reading reading;
  std::vector<PlanStep*> first;  ///< of each branch
};

}  // namespace

void PlanBuilder::fan_out() {
  const std::vector<int> counts = count_readers();
  Branches branches;
  for (PlanStep& step : plan_.steps) {
    for (const int output : step.outputs) branches.producer[output] = &step;
    for (const int input : step.inputs) branches.readers[input].push_back(&step);
  }
  const auto all_known = [&](int value) {
    const auto found = branches.readers.find(value);
    return found != branches.readers.end() &&
           found->second.size() == static_cast<std::size_t>(counts[static_cast<std::size_t>(value)]);
  };

  // 1. The branches.
  std::set<const PlanStep*> ends;  // the pointwise convolutions that end a branch
  for (PlanStep& step : plan_.steps) {
    const Conv2d* conv = layer_of<Conv2d>(step);
    if (conv == nullptr || ends.contains(&step)) continue;
    const int output = step.outputs.front();
    if (is_dense(*conv)) branches.last[&step] = &step;
    if (!is_depthwise(*conv, shape(output))) continue;
    branches.last[&step] = &step;
    if (!all_known(output) || branches.readers[output].size() > 1) continue;
    PlanStep* next = branches.readers[output].front();
    const Conv2d* pointwise = layer_of<Conv2d>(*next);
    if (pointwise == nullptr || !is_pointwise(*pointwise)) continue;
    branches.last[&step] = next;
    ends.insert(next);
  }

  // 2. How a branch reads its input; moves `value` backward to the tensor that it really reads.
  const auto reading_of = [&](int& value) {
    PlanStep::Reading reading;
    bool only_branches_read_relu = true;
    if (const PlanStep* step = branches.producer_of(value); step != nullptr && layer_of<ReLU>(*step)) {
      only_branches_read_relu = all_known(value) && branches.only_branches_read(value);
      reading.relu = true;
      value = step->inputs.front();
    }
    const PlanStep* step = branches.producer_of(value);
    if (step == nullptr || !layer_of<BatchNorm>(*step) || !all_known(value)) return reading;
    const bool absorbed = reading.relu ? only_branches_read_relu && branches.readers[value].size() == 1
                                       : branches.only_branches_read(value);
    if (!absorbed) return reading;
    reading.batch_norm = step->layers.front();
    value = step->inputs.front();
    return reading;
  };

  // 3. Branches that read alike.
  std::vector<FanOut> fan_outs;
  for (PlanStep& step : plan_.steps) {
    if (!branches.last.contains(&step)) continue;
    int value = step.inputs.front();
    const PlanStep::Reading reading = reading_of(value);
    auto same = std::find_if(fan_outs.begin(), fan_outs.end(), [&](const FanOut& each) {
      return each.value == value && each.reading == reading;
    });
    if (same == fan_outs.end()) same = fan_outs.insert(fan_outs.end(), {value, reading, {}});
    same->first.push_back(&step);
  }

  // Each fan-out takes the place of its first branch.
  std::size_t absorbed_layers = 0;
  for (const FanOut& each : fan_outs) {
    PlanStep step;
    step.kind = Kind::fan_out;
    step.inputs = {each.value};
    step.reading = each.reading;
    if (each.reading.batch_norm >= 0) step.layers.push_back(each.reading.batch_norm);
    for (PlanStep* first : each.first) {
      PlanStep* last = branches.last.at(first);
      const int depthwise = layer_of<Conv2d>(*first)->groups == kDepthwise ? first->layers.front() : -1;
      const int convolution = last != first || depthwise < 0 ? last->layers.front() : -1;
      step.branches.push_back({depthwise, convolution});
      step.outputs.push_back(last->outputs.front());
      for (const int layer : {depthwise, convolution})
        if (layer >= 0) step.layers.push_back(layer);
    }
    for (PlanStep* first : each.first) {
      branches.last.at(first)->outputs.clear();
      first->outputs.clear();
    }
    absorbed_layers += step.layers.size();
    *each.first.front() = std::move(step);
  }
  for (const FanOut& each : fan_outs)
    if (each.reading.batch_norm >= 0) branches.producer.at(each.reading.batch_norm)->outputs.clear();
  erase_emptied_steps();
  erase_unread_steps();  // the relus that all readers have absorbed
  plan_.notes.push_back(fmt::format("fan_out: {} layers in {} fan-outs", absorbed_layers, fan_outs.size()));
}

}  // namespace espalier
