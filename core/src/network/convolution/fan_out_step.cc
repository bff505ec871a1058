#include <ATen/ATen.h>

#include "compile/step.h"
#include "convolution/fan_out.h"

namespace espalier {
namespace {

class FanOutStep final : public Step {
 public:
  FanOutStep(const Plan& plan, const PlanStep& step, const std::vector<LayerWeights>& weights, bool winograd)
      : step_(step), weights_(weights), winograd_(winograd) {
    for (std::size_t b = 0; b < step.branches.size(); ++b) {
      branches_.push_back({.depthwise = convolution(plan, step.branches[b].depthwise),
                           .convolution = convolution(plan, step.branches[b].convolution),
                           .filters = {},
                           .takes_moments = plan.is_normalized(step.outputs[b])});
    }
  }

  void run(Frame& frame) const override {
    const int value = step_.inputs.front();
    std::vector<FanOutBranch> branches;
    std::vector<int> outputs;
    for (std::size_t b = 0; b < branches_.size(); ++b) {
      if (!frame.needs(step_.outputs[b])) continue;
      outputs.push_back(step_.outputs[b]);
      FanOutBranch branch = branches_[b];
      branch.takes_moments = branch.takes_moments && frame.training;
      if (branch.depthwise != nullptr) branch.filters.depthwise = filters(step_.branches[b].depthwise);
      if (branch.convolution != nullptr) branch.filters.convolution = filters(step_.branches[b].convolution);
      branches.push_back(std::move(branch));
    }
    const FanOutReading reading{
        .batch_norm = batch_norm(), .producer = frame.producer_of(value), .relu = step_.reading.relu};
    std::vector<Produced> produced =
        fan_out(frame.value(value), reading, branches, frame.training, winograd_);
    for (std::size_t b = 0; b < outputs.size(); ++b) frame.set(outputs[b], std::move(produced[b]));
  }

 private:
  static const Conv2d* convolution(const Plan& plan, int layer) {
    return layer < 0 ? nullptr : plan.graph.nodes[static_cast<std::size_t>(layer)].layer.get_if<Conv2d>();
  }
  const at::Tensor& filters(int layer) const { return weights_[static_cast<std::size_t>(layer)].weight; }
  const LayerWeights* batch_norm() const {
    const int layer = step_.reading.batch_norm;
    return layer < 0 ? nullptr : &weights_[static_cast<std::size_t>(layer)];
  }

  const PlanStep& step_;
  const std::vector<LayerWeights>& weights_;
  bool winograd_;
  std::vector<FanOutBranch> branches_;  ///< all, without filters
};

}  // namespace

std::unique_ptr<Step> make_fan_out_step(const Plan& plan, const PlanStep& step,
                                        const std::vector<LayerWeights>& weights, bool winograd) {
  return std::make_unique<FanOutStep>(plan, step, weights, winograd);
}

}  // namespace espalier
