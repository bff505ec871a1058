#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "espalier/network/training/batch.h"

namespace espalier {

/// A loss to take the gradient of, and what to report of it.
struct BatchLoss {
  at::Tensor loss;
  BatchResult result;
};

/// What a training changes of the cross entropy, as at::cross_entropy_loss() defines both.
struct LossOptions {
  at::Tensor class_weights = {};  ///< [classes]; undefined where all weigh the same
  double label_smoothing = 0.0;
};

/// Cross entropy as a mean over `count` images, of which these are all or a part: the losses of the parts
/// then add up to that of the whole. Throws Error when it is not finite.
BatchLoss cross_entropy(const at::Tensor& logits, const at::Tensor& labels, std::int64_t count,
                        const LossOptions& options = {});

}  // namespace espalier
