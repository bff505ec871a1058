#pragma once

#include <memory>
#include <vector>

#include "compile/frame.h"
#include "compile/weights.h"
#include "espalier/plan/plan.h"

namespace espalier {

/// What runs one step of a plan.
class Step {
 public:
  virtual ~Step() = default;
  /// Reads the step's inputs from the frame and sets those of its outputs that are needed.
  virtual void run(Frame& frame) const = 0;
};

/// `plan` and `weights` outlive the step.
std::unique_ptr<Step> make_layer_step(const Plan& plan, const PlanStep& step, const LayerWeights& weights);
std::unique_ptr<Step> make_convolutions_step(const Plan& plan, const PlanStep& step,
                                             const std::vector<LayerWeights>& weights);

/// Only on the CPU in float or double, channels_last.
std::unique_ptr<Step> make_source_step(const Plan& plan, const PlanStep& step,
                                       const std::vector<LayerWeights>& weights, bool winograd);

/// The same.
std::unique_ptr<Step> make_pool_step(const Plan& plan, const PlanStep& step);

/// How sums are computed.
enum class SumMode {
  op_by_op,
  fused,   ///< one autograd function that keeps nothing but the terms
  kernels  ///< the same, and with the batch norms of its terms; on the CPU in float or double, channels_last
};
std::unique_ptr<Step> make_sum_step(const Plan& plan, const PlanStep& step,
                                    const std::vector<LayerWeights>& weights, SumMode mode);

}  // namespace espalier
