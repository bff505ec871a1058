#include "espalier/plan/plan.h"

#include <algorithm>
#include <utility>

#include "plan/plan_builder.h"

namespace espalier {

bool Plan::is_normalized(int value) const {
  return std::any_of(steps.begin(), steps.end(), [&](const PlanStep& step) {
    if (step.kind == PlanStep::Kind::fan_out)
      return step.reading.batch_norm >= 0 && step.inputs.front() == value;
    return std::any_of(step.terms.begin(), step.terms.end(), [&](const PlanStep::Term& term) {
      return term.batch_norm >= 0 && term.value == value;
    });
  });
}

Plan make_plan(LayerGraph graph, const PlanOptions& options) {
  PlanBuilder builder(std::move(graph));
  if (options.drop_identities) builder.drop_identities();
  if (options.share_layers) builder.share_layers();
  if (options.flatten_sums) builder.flatten_sums();
  if (options.fan_out) builder.fan_out();
  if (options.fold_batch_norms) builder.fold_batch_norms();
  if (options.merge_convolutions) builder.merge_convolutions();
  if (options.drop_identities) builder.erase_unread_steps();
  if (options.release_tensors) builder.release_tensors();
  return builder.finish();
}

}  // namespace espalier
