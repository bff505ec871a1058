#include <utility>

#include "compile/steps.h"
#include "espalier/graph/graph.h"
#include "espalier/network/compile/network.h"

namespace espalier {

CompileOptions CompileOptions::reference() {
  CompileOptions options;
  options.passes = PlanOptions::none();
  options.channels_last = false;
  return options;
}

std::shared_ptr<Network> compile(const Graph& graph, const Shape& input, Purpose purpose,
                                 const CompileOptions& options) {
  // What these passes make, only Espalier's own kernels compute; folded batch norms, only the kernels of flat
  // sums.
  PlanOptions passes = options.passes;
  passes.fold_batch_norms = passes.fold_batch_norms && passes.flatten_sums && has_kernels(options);
  passes.fan_out = passes.fan_out && has_kernels(options);
  return std::make_shared<Network>(make_plan(flatten(graph, input, purpose), passes), purpose, options);
}

}  // namespace espalier
