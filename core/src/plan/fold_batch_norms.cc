// Folds batch norms into the sums that read them. Once the mean μ and deviation σ of a batch are known, a
// batch norm is a scale and an offset of each channel,
//
//     weight·(γ·(x − μ)/σ + β) = (weight·γ/σ)·x + weight·(β − γ·μ/σ),
//
// which costs next to nothing while a sum reads x: no normalized tensor is ever stored. A batch norm that is
// read by anything else, or by several, becomes a sum of one term, which the same kernels compute. The
// formulas of the backward pass are in network/sums/batch_norm_transform.h.
#include <fmt/format.h>

#include <map>
#include <vector>

#include "plan/plan_builder.h"

namespace espalier {

using Kind = PlanStep::Kind;

void PlanBuilder::fold_batch_norms() {
  const std::vector<int> readers = count_readers();
  struct Reader {
    PlanStep* sum;
    PlanStep::Term* term;
  };
  std::map<int, Reader> summed;
  for (PlanStep& step : plan_.steps)
    for (PlanStep::Term& term : step.terms) summed[term.value] = {&step, &term};
  int folded = 0;
  for (PlanStep& step : plan_.steps) {
    if (!layer_of<BatchNorm>(step)) continue;
    ++folded;
    const int norm = step.layers.front();
    const int value = step.inputs.front();
    const auto reader = summed.find(norm);
    if (reader == summed.end() || readers[static_cast<std::size_t>(norm)] > 1) {
      step.kind = Kind::sum;
      step.terms = {{.value = value, .batch_norm = norm}};
      continue;
    }
    const auto [sum, term] = reader->second;
    term->value = value;
    term->batch_norm = norm;
    sum->layers.push_back(norm);
    step.outputs.clear();
  }
  erase_emptied_steps();
  plan_.notes.push_back(fmt::format("fold_batch_norms: {} batch norms folded into sums", folded));
}

}  // namespace espalier
