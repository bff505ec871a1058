#include <ATen/ATen.h>

#include "step.h"
#include "weighted_sum.h"

namespace espalier {
namespace {

class SumStep final : public Step {
 public:
  SumStep(const Shape& shape, const PlanStep& step, bool fused) : shape_(shape), step_(step), fused_(fused) {}

  void run(Frame& frame) const override {
    const std::vector<PlanStep::Term> terms = active(frame);
    at::Tensor output;
    if (terms.empty())
      output = at::zeros({frame.images.size(0), shape_.channels, shape_.height, shape_.width},
                         frame.images.options());
    else if (fused_)
      output = fused(terms, frame);
    else
      output = plain(terms, frame);
    frame.set(step_.outputs.front(), std::move(output));
  }

 private:
  std::vector<PlanStep::Term> active(const Frame& frame) const {
    std::vector<PlanStep::Term> terms;
    for (const PlanStep::Term& term : step_.terms) {
      if (term.weighted_sum >= 0) {
        const auto selected = frame.weights_of(term.weighted_sum).selected;
        if (selected && *selected != term.candidate) continue;
      }
      terms.push_back(term);
    }
    return terms;
  }

  static at::Tensor plain(const std::vector<PlanStep::Term>& terms, const Frame& frame) {
    at::Tensor output;
    for (const PlanStep::Term& term : terms) {
      at::Tensor value = frame.value(term.value);
      if (term.weighted_sum >= 0) value = value * frame.weights_of(term.weighted_sum).weights[term.candidate];
      output = output.defined() ? output + value : value;
    }
    return output;
  }

  static at::Tensor fused(const std::vector<PlanStep::Term>& terms, const Frame& frame) {
    std::vector<at::Tensor> values;
    std::vector<at::Tensor> weights;
    std::vector<WeightedTerm> weighted;
    std::vector<int> slots;  // by weights: their entry in frame.drawn
    for (const PlanStep::Term& term : terms) {
      values.push_back(frame.value(term.value));
      if (term.weighted_sum < 0) {
        weighted.push_back({});
        continue;
      }
      const int drawn = frame.drawn_of[static_cast<std::size_t>(term.weighted_sum)];
      auto slot = std::find(slots.begin(), slots.end(), drawn);
      if (slot == slots.end()) {
        weights.push_back(frame.weights_of(term.weighted_sum).weights);
        slot = slots.insert(slots.end(), drawn);
      }
      weighted.push_back(
          {.weights = static_cast<int>(slot - slots.begin()),
           .candidate = term.candidate,
           .value = frame.weights_of(term.weighted_sum).values[static_cast<std::size_t>(term.candidate)]});
    }
    return weighted_sum(values, weights, weighted);
  }

  Shape shape_;
  const PlanStep& step_;
  bool fused_;
};

}  // namespace

std::unique_ptr<Step> make_sum_step(const Plan& plan, const PlanStep& step, bool fused) {
  return std::make_unique<SumStep>(plan.graph.nodes[static_cast<std::size_t>(step.outputs.front())].shape,
                                   step, fused);
}

}  // namespace espalier
