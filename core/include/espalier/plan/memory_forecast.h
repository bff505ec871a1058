#pragma once

#include <cstdint>

#include "espalier/plan/plan.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The most memory that the tensors of a network take at any moment, in bytes, when all candidates run. The
/// scratch buffers of threads are not counted.
struct MemoryForecast {
  std::int64_t weights = 0;    ///< the parameters; their gradients and their momentum each take as much again
  std::int64_t inference = 0;  ///< the activations of a pass without gradients
  std::int64_t training = 0;   ///< the activations and their gradients in a forward and backward pass
  std::int64_t recomputed = 0;  ///< the same when the backward pass recomputes the plan's segments
};

/// Forecasts the memory of `plan` for batches of `batch` images, without running anything: it follows the
/// passes step by step, with what each step allocates, keeps for its backward pass and frees. Exact to a few
/// percent for a network that runs on the CPU's own kernels.
ESPALIER_EXPORT MemoryForecast forecast_memory(const Plan& plan, std::int64_t batch,
                                               std::int64_t bytes_per_number = 4);

}  // namespace espalier
