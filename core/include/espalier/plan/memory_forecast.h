#pragma once

#include <cstdint>

#include "espalier/plan/plan.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The most that the tensors of a network take at once, in bytes, all candidates running. Buffers that a
/// thread works in are not counted.
struct PlanMemory {
  std::int64_t weights = 0;     ///< the parameters; gradients and momentum take as much again, each
  std::int64_t inference = 0;   ///< activations in a pass without gradients
  std::int64_t training = 0;    ///< activations and their gradients in a forward and backward pass
  std::int64_t recomputed = 0;  ///< the same when segments are computed again in the backward pass
};

/// Follows the passes step by step: what each step makes, keeps for its backward pass and frees. Exact to a
/// few percent for a network that the CPU's own kernels compute.
ESPALIER_EXPORT PlanMemory plan_memory(const Plan& plan, std::int64_t batch,
                                       std::int64_t bytes_per_number = 4);

}  // namespace espalier
