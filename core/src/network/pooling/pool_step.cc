#include "compile/step.h"
#include "pooling/pooling.h"

namespace espalier {
namespace {

PoolForm form_of(const Layer& layer) {
  if (const auto* pool = layer.get_if<MaxPool>())
    return {.max = true, .kernel = pool->kernel, .stride = pool->stride, .padding = pool->padding};
  const auto* pool = layer.get_if<AvgPool>();
  return {.max = false, .kernel = pool->kernel, .stride = pool->stride, .padding = pool->padding};
}

class PoolStep final : public Step {
 public:
  PoolStep(const Plan& plan, const PlanStep& step)
      : input_(step.inputs.front()),
        output_(step.outputs.front()),
        form_(form_of(plan.graph.nodes[static_cast<std::size_t>(step.layers.front())].layer)),
        takes_moments_(plan.is_normalized(output_)) {}

  void run(Frame& frame) const override {
    frame.set(output_,
              pool(frame.value(input_), frame.producer_of(input_), form_, takes_moments_ && frame.training));
  }

 private:
  int input_;
  int output_;
  PoolForm form_;
  bool takes_moments_;
};

}  // namespace

std::unique_ptr<Step> make_pool_step(const Plan& plan, const PlanStep& step) {
  return std::make_unique<PoolStep>(plan, step);
}

}  // namespace espalier
