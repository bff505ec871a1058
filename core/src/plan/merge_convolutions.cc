// Merges convolutions of one form (kernel, stride, channels, ...) that read one tensor into one convolution
// over their concatenated filters, and their batch norms into one over the concatenated channels: a few large
// calls keep a GPU busier than many small ones. On the CPU the pass fan_out has taken these convolutions
// before.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "plan/plan_builder.h"

namespace espalier {

using Kind = PlanStep::Kind;

void PlanBuilder::merge_convolutions() {
  const std::vector<int> readers = count_readers();
  // By convolution: the batch norm behind it, where nothing else reads the convolution.
  std::map<int, PlanStep*> norm_behind;
  for (PlanStep& step : plan_.steps) {
    if (layer_of<BatchNorm>(step) && step.inputs.front() != LayerGraph::kInput &&
        readers[static_cast<std::size_t>(step.inputs.front())] == 1)
      norm_behind[step.inputs.front()] = &step;
  }
  struct Group {
    int input;
    Conv2d convolution;
    std::optional<BatchNorm> norm;
    std::vector<PlanStep*> members;
  };
  std::vector<Group> groups;
  for (PlanStep& step : plan_.steps) {
    const Conv2d* convolution = layer_of<Conv2d>(step);
    // Merged grouped convolutions are slower than separate ones, above all in the backward pass.
    if (convolution == nullptr || convolution->groups != 1 || convolution->bias) continue;
    const auto behind = norm_behind.find(step.outputs.front());
    const std::optional<BatchNorm> norm =
        behind == norm_behind.end() ? std::nullopt : std::optional(*layer_of<BatchNorm>(*behind->second));
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return group.input == step.inputs.front() && group.convolution == *convolution && group.norm == norm;
    });
    if (same != groups.end())
      same->members.push_back(&step);
    else
      groups.push_back({step.inputs.front(), *convolution, norm, {&step}});
  }
  int merged = 0;
  for (const Group& group : groups) {
    if (group.members.size() < 2) continue;
    merged += static_cast<int>(group.members.size());
    PlanStep& first = *group.members.front();
    PlanStep step;
    step.kind = Kind::convolutions;
    step.inputs = {group.input};
    for (PlanStep* member : group.members) {
      step.layers.push_back(member->layers.front());
      if (group.norm) {
        PlanStep* norm = norm_behind.at(member->outputs.front());
        step.batch_norms.push_back(norm->layers.front());
        norm->outputs.clear();
      }
      member->outputs.clear();
    }
    step.outputs = group.norm ? step.batch_norms : step.layers;
    first = std::move(step);
  }
  erase_emptied_steps();
  plan_.notes.push_back(
      fmt::format("merge_convolutions: {} convolutions merged into {} calls", merged,
                  std::count_if(plan_.steps.begin(), plan_.steps.end(),
                                [](const auto& step) { return step.kind == Kind::convolutions; })));
}

}  // namespace espalier
