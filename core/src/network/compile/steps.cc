#include "compile/steps.h"

namespace espalier {
namespace {

SumMode sum_mode(const CompileOptions& options) {
  if (!options.passes.flatten_sums) return SumMode::op_by_op;
  return options.passes.fold_batch_norms && has_kernels(options) ? SumMode::kernels : SumMode::fused;
}

bool is_pool(const Layer& layer) {
  return layer.get_if<MaxPool>() != nullptr || layer.get_if<AvgPool>() != nullptr;
}

std::unique_ptr<Step> make_step(const Plan& plan, const PlanStep& step,
                                const std::vector<LayerWeights>& weights, const CompileOptions& options) {
  switch (step.kind) {
    case PlanStep::Kind::layer: {
      const auto index = static_cast<std::size_t>(step.layers.front());
      const Layer& layer = plan.graph.nodes[index].layer;
      if (sum_mode(options) == SumMode::kernels) {
        if (is_pool(layer)) return make_pool_step(plan, step);
        if (layer.get_if<Slice>() != nullptr) return make_slice_step(plan, step);
      }
      return make_layer_step(plan, step, weights[index]);
    }
    case PlanStep::Kind::convolutions:
      return make_convolutions_step(plan, step, weights);
    case PlanStep::Kind::fan_out:
      return make_fan_out_step(plan, step, weights, options.winograd);
    case PlanStep::Kind::sum:
      return make_sum_step(plan, step, weights, sum_mode(options));
  }
  return nullptr;
}

}  // namespace

bool has_kernels(const CompileOptions& options) {
  return options.device.is_cpu() && options.channels_last &&
         (options.dtype == at::kFloat || options.dtype == at::kDouble);
}

Steps make_steps(const Plan& plan, const std::vector<LayerWeights>& weights, const CompileOptions& options) {
  Steps steps;
  for (const PlanStep& step : plan.steps) steps.push_back(make_step(plan, step, weights, options));
  return steps;
}

void run_steps(const Plan& plan, const Steps& steps, std::size_t begin, std::size_t end, Frame& frame) {
  for (std::size_t i = begin; i < end; ++i) {
    if (frame.needs_any(plan.steps[i].outputs)) steps[i]->run(frame);
    for (const int value : plan.steps[i].released) frame.set(value, Produced{});
  }
}

}  // namespace espalier
