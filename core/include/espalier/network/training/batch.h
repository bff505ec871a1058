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

  /// Adds the part of a batch, whose numbers are parts of those of the whole.
  BatchResult& operator+=(const BatchResult& part) {
    loss += part.loss;
    correct += part.correct;
    return *this;
  }
};

}  // namespace espalier
