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

// One function for each kind of step. `plan` and `weights` must outlive the step.

/// A layer as LibTorch computes it, on any device and in any memory format.
std::unique_ptr<Step> make_layer_step(const Plan& plan, const PlanStep& step, const LayerWeights& weights);
/// The same for merged convolutions.
std::unique_ptr<Step> make_convolutions_step(const Plan& plan, const PlanStep& step,
                                             const std::vector<LayerWeights>& weights);

/// On Espalier's own kernels: on the CPU only, in float or double and channels_last.
std::unique_ptr<Step> make_fan_out_step(const Plan& plan, const PlanStep& step,
                                        const std::vector<LayerWeights>& weights, bool winograd);
/// A layer that is a pool, likewise.
std::unique_ptr<Step> make_pool_step(const Plan& plan, const PlanStep& step);
/// A layer that is a slice, likewise.
std::unique_ptr<Step> make_slice_step(const Plan& plan, const PlanStep& step);

/// How sums are computed.
enum class SumMode {
  op_by_op,  ///< a product and a sum for each term, as a plain LibTorch program would
  fused,     ///< one autograd function that keeps nothing but the terms
  kernels    ///< the same with the batch norms of the terms, on Espalier's own kernels
};
std::unique_ptr<Step> make_sum_step(const Plan& plan, const PlanStep& step,
                                    const std::vector<LayerWeights>& weights, SumMode mode);

}  // namespace espalier
