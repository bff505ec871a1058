#pragma once

#include <ATen/core/Tensor.h>

#include "compile/weights.h"

namespace espalier {

constexpr double kBatchNormMomentum = 0.1;
constexpr double kBatchNormEpsilon = 1e-5;

/// A batch norm as LibTorch computes it: in training by the moments of the batch, which also move the running
/// statistics by a tenth; otherwise by the running statistics.
at::Tensor batch_norm(const at::Tensor& input, const LayerWeights& weights, bool training);

}  // namespace espalier
