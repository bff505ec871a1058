#pragma once

#include <ATen/core/Tensor.h>

#include "weights.h"

namespace espalier {

/// In training over the batch, and the running statistics move by a tenth.
at::Tensor batch_norm(const at::Tensor& input, const LayerWeights& weights, bool training);

}  // namespace espalier
