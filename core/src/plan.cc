#include "espalier/plan.h"

#include <algorithm>
#include <utility>

#include "plan_builder.h"

namespace espalier {

std::int64_t Plan::peak_bytes(std::int64_t batch, std::int64_t bytes_per_number) const {
  const auto size = [&](int value) { return graph.nodes[static_cast<std::size_t>(value)].shape.elements(); };
  std::int64_t alive = graph.input.elements();
  std::int64_t peak = alive;
  for (const PlanStep& step : steps) {
    for (const int value : step.outputs) alive += size(value);
    // Between a merged convolution and its batch norm all their channels are there twice.
    std::int64_t within = 0;
    for (const int norm : step.batch_norms) within += size(norm);
    peak = std::max(peak, alive + within);
    for (const int value : step.released) alive -= size(value);
  }
  return peak * batch * bytes_per_number;
}

Plan make_plan(LayerGraph graph, const PlanOptions& options) {
  PlanBuilder builder(std::move(graph));
  if (options.drop) builder.drop();
  if (options.share) builder.share();
  if (options.fuse) builder.fuse();
  if (options.fold) builder.fold();
  if (options.merge) builder.merge();
  if (options.drop) builder.remove_unread();
  return builder.finish(options.free);
}

}  // namespace espalier
