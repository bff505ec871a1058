#pragma once

#include <cstddef>
#include <vector>

#include "espalier/plan/plan.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// Steps of a plan that follow one another, and the tensors that enter and leave them.
struct PlanSegment {
  std::size_t begin = 0;  ///< the first step
  std::size_t end = 0;    ///< behind the last
  std::vector<int> inputs;
  std::vector<int> outputs;  ///< what later steps read, and what leaves the network
};

/// Cuts a plan where few tensors are alive, so that training needs little memory when it keeps only these and
/// computes the rest of one segment after the other again: those of what is kept and of the largest segment
/// are fewest (Chen, Xu, Zhang and Guestrin, "Training deep nets with sublinear memory cost", 2016).
ESPALIER_EXPORT std::vector<PlanSegment> plan_segments(const Plan& plan);

}  // namespace espalier
