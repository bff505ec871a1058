#pragma once

#include <ATen/core/Tensor.h>

namespace espalier {

/// What a network is fed at once.
struct Batch {
  at::Tensor images;  ///< [N, C, H, W], normalised
  at::Tensor labels;  ///< [N], int64
};

/// What a network made of a batch.
struct BatchResult {
  double loss = 0.0;     ///< mean cross entropy
  double correct = 0.0;  ///< fraction of the images
};

}  // namespace espalier
