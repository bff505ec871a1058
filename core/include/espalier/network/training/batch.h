#pragma once

#include <ATen/core/Tensor.h>

namespace espalier {

/// The images that a network computes at once, and their labels.
struct Batch {
  at::Tensor images;  ///< [N, C, H, W], normalized
  at::Tensor labels;  ///< [N], int64
};

/// How well a network did on a batch.
struct BatchResult {
  double loss = 0.0;     ///< mean cross entropy
  double correct = 0.0;  ///< fraction of the images
};

}  // namespace espalier
