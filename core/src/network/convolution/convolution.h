#pragma once

#include <ATen/core/Tensor.h>

#include "espalier/layers/layer.h"

namespace espalier {

/// A convolution as LibTorch computes it. `filters` are [outputs, inputs / groups, kernel, kernel]; `bias`
/// may be undefined.
at::Tensor convolve(const Conv2d& conv, const at::Tensor& input, const at::Tensor& filters,
                    const at::Tensor& bias = {});

}  // namespace espalier
