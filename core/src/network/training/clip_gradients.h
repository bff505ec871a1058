#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace espalier {

/// Scales the gradients of all parameters by one factor, so that their common norm is at most `limit`; 0: no
/// limit.
void clip_gradients(const std::vector<at::Tensor>& parameters, double limit);

}  // namespace espalier
