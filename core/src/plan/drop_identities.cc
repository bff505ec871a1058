// Drops what computes nothing. Every search space offers the candidates "none" and "skip", and so a supernet
// is full of them:
//
// - A zero adds nothing to a sum: the sum loses that term. A sum without terms is a zero itself.
// - An identity, or a sum whose only term weighs 1, is the tensor that it reads: that stands for it.
//
// A zero that anything but a sum reads stays.
#include <fmt/format.h>

#include <set>

#include "plan/plan_builder.h"

namespace espalier {

using Kind = PlanStep::Kind;

void PlanBuilder::drop_identities() {
  std::set<int> zeros;
  int dropped = 0;
  for (PlanStep& step : plan_.steps) {
    refresh_inputs(step);
    const int output = step.outputs.front();
    if (layer_of<Identity>(step)) {
      replace(output, step.inputs.front());
      step.outputs.clear();
      ++dropped;
    } else if (layer_of<Zero>(step)) {
      zeros.insert(output);
    } else if (step.kind == Kind::sum) {
      dropped += static_cast<int>(
          std::erase_if(step.terms, [&](const PlanStep::Term& term) { return zeros.contains(term.value); }));
      if (step.terms.empty()) {
        zeros.insert(output);
      } else if (step.terms.size() == 1 && step.terms.front().weighted_sum < 0) {
        replace(output, step.terms.front().value);
        step.outputs.clear();
        ++dropped;
      }
    }
  }
  erase_emptied_steps();
  plan_.notes.push_back(
      fmt::format("drop_identities: {} zeros, identities and sums of one term dropped", dropped));
}

}  // namespace espalier
