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

/// Finds the sources of a plan: what reads what, and which convolutions begin a branch.
struct Branches {
  std::map<int, PlanStep*> maker;                 ///< by tensor
  std::map<int, std::vector<PlanStep*>> readers;  ///< by tensor
  std::map<const PlanStep*, PlanStep*> last;      ///< by the step that begins a branch: the one that ends it

  const PlanStep* made_by(int value) const {
    const auto found = maker.find(value);
    return found == maker.end() ? nullptr : found->second;
  }
  bool only_branches_read(int value) const {
    const std::vector<PlanStep*>& all = readers.at(value);
    return std::all_of(all.begin(), all.end(), [&](const PlanStep* step) { return last.contains(step); });
  }
};

struct Source {
  int value;
  PlanStep::Reading reading;
  std::vector<PlanStep*> first;  ///< of each branch
};

}  // namespace

void PlanBuilder::gather() {
  const std::vector<int> counts = count_readers();
  Branches branches;
  for (PlanStep& step : plan_.steps) {
    for (const int output : step.outputs) branches.maker[output] = &step;
    for (const int input : step.inputs) branches.readers[input].push_back(&step);
  }
  const auto all_known = [&](int value) {
    const auto found = branches.readers.find(value);
    return found != branches.readers.end() &&
           found->second.size() == static_cast<std::size_t>(counts[static_cast<std::size_t>(value)]);
  };

  std::set<const PlanStep*> within;
  for (PlanStep& step : plan_.steps) {
    const Conv2d* conv = layer_of<Conv2d>(step);
    if (conv == nullptr || within.contains(&step)) continue;
    const int output = step.outputs.front();
    if (is_dense(*conv)) branches.last[&step] = &step;
    if (!is_depthwise(*conv, shape(output))) continue;
    branches.last[&step] = &step;
    if (!all_known(output) || branches.readers[output].size() > 1) continue;
    PlanStep* next = branches.readers[output].front();
    const Conv2d* pointwise = layer_of<Conv2d>(*next);
    if (pointwise == nullptr || !is_pointwise(*pointwise)) continue;
    branches.last[&step] = next;
    within.insert(next);
  }

  // A batch norm moves its running statistics: of one source alone it can be part.
  const auto reading_of = [&](int& value) {
    PlanStep::Reading reading;
    bool alone = true;
    if (const PlanStep* step = branches.made_by(value); step != nullptr && layer_of<ReLU>(*step)) {
      alone = all_known(value) && branches.only_branches_read(value);
      reading.relu = true;
      value = step->inputs.front();
    }
    const PlanStep* step = branches.made_by(value);
    if (step == nullptr || !layer_of<BatchNorm>(*step) || !all_known(value)) return reading;
    const bool absorbed =
        reading.relu ? alone && branches.readers[value].size() == 1 : branches.only_branches_read(value);
    if (!absorbed) return reading;
    reading.batch_norm = step->layers.front();
    value = step->inputs.front();
    return reading;
  };

  std::vector<Source> sources;
  for (PlanStep& step : plan_.steps) {
    if (!branches.last.contains(&step)) continue;
    int value = step.inputs.front();
    const PlanStep::Reading reading = reading_of(value);
    auto same = std::find_if(sources.begin(), sources.end(), [&](const Source& source) {
      return source.value == value && source.reading == reading;
    });
    if (same == sources.end()) same = sources.insert(sources.end(), {value, reading, {}});
    same->first.push_back(&step);
  }

  std::size_t gathered = 0;
  for (const Source& source : sources) {
    PlanStep made;
    made.kind = Kind::source;
    made.inputs = {source.value};
    made.reading = source.reading;
    if (source.reading.batch_norm >= 0) made.layers.push_back(source.reading.batch_norm);
    for (PlanStep* first : source.first) {
      PlanStep* last = branches.last.at(first);
      const int depthwise = layer_of<Conv2d>(*first)->groups == kDepthwise ? first->layers.front() : -1;
      const int convolution = last != first || depthwise < 0 ? last->layers.front() : -1;
      made.branches.push_back({depthwise, convolution});
      made.outputs.push_back(last->outputs.front());
      for (const int layer : {depthwise, convolution})
        if (layer >= 0) made.layers.push_back(layer);
    }
    for (PlanStep* first : source.first) {
      branches.last.at(first)->outputs.clear();
      first->outputs.clear();
    }
    gathered += made.layers.size();
    *source.first.front() = std::move(made);
  }
  for (const Source& source : sources)
    if (source.reading.batch_norm >= 0) branches.maker.at(source.reading.batch_norm)->outputs.clear();
  sweep();
  remove_unread();  // relus whose readers read for themselves now
  plan_.notes.push_back(fmt::format("gather: {} layers into {} sources", gathered, sources.size()));
}

}  // namespace espalier
