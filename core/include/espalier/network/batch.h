#pragma once

#include <ATen/core/Tensor.h>

namespace espalier {

/// What a network is fed at once.
struct Batch {
  at::Tensor images;  ///< [N, C, H, W], normalised
  at::Tensor labels;  ///< [N], int64
};

}  // namespace espalier
