#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "compile/frame.h"
#include "compile/step.h"
#include "compile/weights.h"
#include "plan/plan_segments.h"

namespace espalier {

using Steps = std::vector<std::unique_ptr<Step>>;

/// Runs those of the steps from `begin` to `end` that something needs.
void run_steps(const Plan& plan, const Steps& steps, std::size_t begin, std::size_t end, Frame& frame);

/// Runs a plan segment by segment, keeping for the backward pass what enters them alone. Layers of plugins
/// are run as ever: what they remember is not known.
class Recomputation {
 public:
  /// All three outlive it.
  Recomputation(const Plan& plan, const Steps& steps, const std::vector<LayerWeights>& weights);

  void run(Frame& frame) const;

 private:
  struct Part {
    PlanSegment segment;
    std::vector<at::Tensor> parameters;
    std::vector<at::Tensor> statistics;  ///< of batch norms: a second run leaves them as they were
    bool has_custom_layers = false;
  };

  void run_without_keeping(const Part& part, Frame& frame) const;

  const Plan& plan_;
  const Steps& steps_;
  std::vector<Part> parts_;
};

}  // namespace espalier
