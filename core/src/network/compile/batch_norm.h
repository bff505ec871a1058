#pragma once

#include <ATen/core/Tensor.h>

#include "compile/weights.h"

namespace espalier {

constexpr double kBatchNormMomentum = 0.1;
constexpr double kBatchNormEpsilon = 1e-5;

/// In training over the batch, and the running statistics move by a tenth.
at::Tensor batch_norm(const at::Tensor& input, const LayerWeights& weights, bool training);

}  // namespace espalier
