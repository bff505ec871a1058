#pragma once

#include <vector>

#include "compile/frame.h"
#include "compile/steps.h"
#include "compile/weights.h"
#include "plan/memory/plan_segments.h"

namespace espalier {

/// Runs a whole plan with recomputation: of each segment (plan_segments.h) it keeps for the backward pass
/// only what enters it, and calls recompute_segment() (recompute_segment.h) for the rest. Memory then grows
/// with the root of a network's depth, for the time of a second forward pass (Chen, Xu, Zhang and Guestrin,
/// "Training Deep Nets with Sublinear Memory Cost", 2016).
///
/// A second run must compute the same as the first, and leave no trace: it draws the same random numbers, and
/// the running statistics of batch norms are set back after it, and so are the buffers of a plugin's own
/// layers. A segment with a layer that does not say that it can be repeated (LayerModule::is_repeatable())
/// runs as if there were no recomputation.
class Recomputation {
 public:
  /// All three must outlive it.
  Recomputation(const Plan& plan, const Steps& steps, const std::vector<LayerWeights>& weights);

  void run(Frame& frame) const;

 private:
  struct Part {
    PlanSegment segment;
    std::vector<at::Tensor> parameters;
    std::vector<at::Tensor> statistics;  ///< of batch norms, and buffers of a plugin's layers
    bool keeps = false;                  ///< whether it cannot be computed again
  };

  static void add_module(Part& part, const LayerModule& module);
  void run_without_keeping(const Part& part, Frame& frame) const;

  const Plan& plan_;
  const Steps& steps_;
  std::vector<Part> parts_;
};

}  // namespace espalier
