// Releases each tensor after the last step that reads it, so that a pass takes the memory of the tensors that
// are alive at once and not of all. Walking the steps backward, the first step met that reads a tensor is the
// last one to run.
#include <boost/range/adaptor/reversed.hpp>
#include <vector>

#include "plan/plan_builder.h"

namespace espalier {

void PlanBuilder::release_tensors() {
  std::vector<bool> read_later(replaced_by_.size(), false);
  for (const int output : outputs())
    if (output != LayerGraph::kInput) read_later[static_cast<std::size_t>(output)] = true;
  for (PlanStep& step : boost::adaptors::reverse(plan_.steps)) {
    refresh_inputs(step);
    // An output that nothing reads is released by the step that produced it.
    std::vector<int> touched = step.inputs;
    touched.insert(touched.end(), step.outputs.begin(), step.outputs.end());
    for (const int value : touched) {
      if (value == LayerGraph::kInput || read_later[static_cast<std::size_t>(value)]) continue;
      read_later[static_cast<std::size_t>(value)] = true;
      step.released.push_back(value);
    }
  }
}

}  // namespace espalier
