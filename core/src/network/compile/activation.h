#pragma once

#include <ATen/core/Tensor.h>

#include "espalier/layers/layer.h"

namespace espalier {

/// Applies a function to each element of a tensor, as LibTorch computes it.
at::Tensor activate(ActivationFunction function, const at::Tensor& input);

}  // namespace espalier
