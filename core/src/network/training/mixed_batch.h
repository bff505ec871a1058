#pragma once

#include <ATen/core/Tensor.h>

#include "espalier/network/training/batch.h"
#include "espalier/random/random.h"
#include "training/loss.h"

namespace espalier {

/// A batch whose images are weighted sums of two, or the images as they are.
struct MixedBatch {
  at::Tensor images;
  at::Tensor labels;
  at::Tensor other_labels = {};  ///< of the partners; undefined where nothing is mixed
  double share = 1.0;            ///< of `labels`
};

/// Mixes by Mixing; an alpha of 0 mixes nothing.
MixedBatch mix(const Batch& batch, double alpha, const Rng& rng);

/// The mean cross entropy for both labels, each weighted by its share, and the accuracy likewise.
BatchLoss cross_entropy(const at::Tensor& logits, const MixedBatch& batch, const LossOptions& options);

}  // namespace espalier
