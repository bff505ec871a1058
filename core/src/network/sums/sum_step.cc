#include <ATen/ATen.h>

#include "compile/batch_norm.h"
#include "compile/step.h"
#include "sums/node_sum.h"
#include "sums/weighted_sum.h"

namespace espalier {
namespace {

/// Whether the backward pass of a layer does not need the layer's output.
bool forgets_output(const Layer& layer) {
  return layer.get_if<Conv2d>() != nullptr || layer.get_if<AvgPool>() != nullptr ||
         layer.get_if<MaxPool>() != nullptr;
}

class SumStep final : public Step {
 public:
  SumStep(const LayerGraph& graph, const PlanStep& step, const std::vector<LayerWeights>& weights,
          SumMode mode)
      : graph_(graph), step_(step), weights_(weights), mode_(mode) {}

  void run(Frame& frame) const override {
    std::vector<at::Tensor> drawn;
    const std::vector<NodeTerm> terms = active(frame, drawn);
    frame.set(step_.outputs.front(), sum(frame, terms, drawn));
  }

 private:
  const LayerGraph::Node& node(int index) const { return graph_.nodes[static_cast<std::size_t>(index)]; }

  /// The terms that are not left out; `drawn` becomes the vectors of weights that they refer to, each once.
  std::vector<NodeTerm> active(const Frame& frame, std::vector<at::Tensor>& drawn) const {
    std::vector<NodeTerm> terms;
    std::vector<int> slots;  // by `drawn`: their entry in frame.drawn
    for (const PlanStep::Term& term : step_.terms) {
      if (!frame.takes_part(term)) continue;
      NodeTerm result{.value = frame.value(term.value), .producer = frame.producer_of(term.value)};
      if (term.weighted_sum >= 0) {
        const DrawnWeights& weights = frame.weights_of(term.weighted_sum);
        const int entry = frame.drawn_of[static_cast<std::size_t>(term.weighted_sum)];
        auto slot = std::find(slots.begin(), slots.end(), entry);
        if (slot == slots.end()) {
          drawn.push_back(weights.weights);
          slot = slots.insert(slots.end(), entry);
        }
        result.weights = static_cast<int>(slot - slots.begin());
        result.candidate = term.candidate;
        result.weight = weights.values[static_cast<std::size_t>(term.candidate)];
      }
      if (term.batch_norm >= 0) result.batch_norm = &weights_[static_cast<std::size_t>(term.batch_norm)];
      result.consumed = term.only_reader && forgets_output(node(term.value).layer);
      terms.push_back(std::move(result));
    }
    return terms;
  }

  Produced sum(const Frame& frame, std::vector<NodeTerm> terms, const std::vector<at::Tensor>& drawn) const {
    if (terms.empty()) {
      const Shape& shape = node(step_.outputs.front()).shape;
      return {.value = at::zeros({frame.images.size(0), shape.channels, shape.height, shape.width},
                                 frame.images.options()),
              .producer = {}};
    }
    if (mode_ == SumMode::kernels) return node_sum(terms, drawn, frame.training);
    for (NodeTerm& term : terms)
      if (term.batch_norm != nullptr) term.value = batch_norm(term.value, *term.batch_norm, frame.training);
    return {.value = mode_ == SumMode::fused ? weighted_sum(terms, drawn) : op_by_op(terms, drawn),
            .producer = {}};
  }

  static at::Tensor op_by_op(const std::vector<NodeTerm>& terms, const std::vector<at::Tensor>& drawn) {
    at::Tensor output;
    for (const NodeTerm& term : terms) {
      at::Tensor value = term.value;
      if (term.weights >= 0) value = value * drawn[static_cast<std::size_t>(term.weights)][term.candidate];
      output = output.defined() ? output + value : value;
    }
    return output;
  }

  const LayerGraph& graph_;
  const PlanStep& step_;
  const std::vector<LayerWeights>& weights_;
  SumMode mode_;
};

}  // namespace

std::unique_ptr<Step> make_sum_step(const Plan& plan, const PlanStep& step,
                                    const std::vector<LayerWeights>& weights, SumMode mode) {
  return std::make_unique<SumStep>(plan.graph, step, weights, mode);
}

}  // namespace espalier
