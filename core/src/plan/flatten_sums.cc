// Flattens nested sums. What enters a node of a supernet is a sum over its edges, and each edge is a weighted
// sum over its candidates:
//
//     Σ_edges Σ_candidates weight·value = Σ_(edges, candidates) weight·value
//
// The step with all terms is one function: it stores no edge's sum and keeps no products for the backward
// pass.
#include <fmt/format.h>

#include <map>
#include <utility>
#include <vector>

#include "plan/plan_builder.h"

namespace espalier {

using Kind = PlanStep::Kind;

void PlanBuilder::flatten_sums() {
  const std::vector<int> readers = count_readers();
  std::map<int, PlanStep*> sums;
  int flattened = 0;
  for (PlanStep& step : plan_.steps) {
    if (step.kind != Kind::sum) continue;
    std::vector<PlanStep::Term> terms;
    for (const PlanStep::Term& term : step.terms) {
      const auto inner = sums.find(term.value);
      const bool flattens =
          term.weighted_sum < 0 && inner != sums.end() && readers[static_cast<std::size_t>(term.value)] == 1;
      if (!flattens) {
        terms.push_back(term);
        continue;
      }
      terms.insert(terms.end(), inner->second->terms.begin(), inner->second->terms.end());
      step.layers.insert(step.layers.begin(), inner->second->layers.begin(), inner->second->layers.end());
      inner->second->outputs.clear();
      ++flattened;
    }
    step.terms = std::move(terms);
    refresh_inputs(step);
    sums[step.outputs.front()] = &step;
  }
  erase_emptied_steps();
  plan_.notes.push_back(
      fmt::format("flatten_sums: {} weighted sums flattened into the sums that they enter", flattened));
}

}  // namespace espalier
