#include "espalier/plan/plan.h"

#include <algorithm>
#include <utility>

#include "plan/plan_builder.h"

namespace espalier {

bool Plan::is_normalised(int value) const {
  return std::any_of(steps.begin(), steps.end(), [&](const PlanStep& step) {
    if (step.kind == PlanStep::Kind::source)
      return step.reading.batch_norm >= 0 && step.inputs.front() == value;
    return std::any_of(step.terms.begin(), step.terms.end(), [&](const PlanStep::Term& term) {
      return term.batch_norm >= 0 && term.value == value;
    });
  });
}

Plan make_plan(LayerGraph graph, const PlanOptions& options) {
  PlanBuilder builder(std::move(graph));
  if (options.drop) builder.drop();
  if (options.share) builder.share();
  if (options.fuse) builder.fuse();
  if (options.gather) builder.gather();
  if (options.fold) builder.fold();
  if (options.merge) builder.merge();
  if (options.drop) builder.remove_unread();
  return builder.finish(options.free);
}

}  // namespace espalier
