#pragma once

#include <ATen/core/Tensor.h>

#include "compile/weights.h"

namespace espalier {

constexpr double kLayerNormEpsilon = 1e-6;

/// A layer norm over the channels of each pixel, then the scale and the bias that `weights` hold.
at::Tensor layer_norm(const at::Tensor& input, const LayerWeights& weights);

}  // namespace espalier
