#pragma once

#include <cstddef>
#include <vector>

#include "espalier/plan/plan.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// Steps of a plan that follow one another, and the tensors that enter and leave them.
struct PlanSegment {
  std::size_t begin = 0;  ///< the first step
  std::size_t end = 0;    ///< one past the last step
  std::vector<int> inputs;
  std::vector<int> outputs;  ///< what later steps read, and what leaves the network
};

/// Cuts a plan into segments for training that recomputes activations (network/memory/recomputation.h). Such
/// a training keeps the tensors that cross from one segment to the next, and beside these the activations of
/// one segment at a time. The cuts are those that make the sum of both small, on the order of √n for n equal
/// layers one behind the other (Chen, Xu, Zhang and Guestrin, "Training Deep Nets with Sublinear Memory
/// Cost", 2016).
ESPALIER_EXPORT std::vector<PlanSegment> plan_segments(const Plan& plan);

}  // namespace espalier
