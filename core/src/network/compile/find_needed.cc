#include "compile/find_needed.h"

#include <algorithm>
#include <boost/range/adaptor/reversed.hpp>

namespace espalier {

void find_needed(const Plan& plan, std::optional<int> auxiliary, Frame& frame) {
  frame.needed.assign(plan.graph.nodes.size(), 0);
  const auto need = [&](int value) {
    if (value != LayerGraph::kInput) frame.needed[static_cast<std::size_t>(value)] = 1;
  };
  need(plan.output);
  if (auxiliary) need(*auxiliary);
  for (const PlanStep& step : boost::adaptors::reverse(plan.steps)) {
    if (!frame.needs_any(step.outputs)) continue;
    if (step.kind != PlanStep::Kind::sum) {
      std::for_each(step.inputs.begin(), step.inputs.end(), need);
      continue;
    }
    for (const PlanStep::Term& term : step.terms)
      if (frame.takes_part(term)) need(term.value);
  }
}

}  // namespace espalier
