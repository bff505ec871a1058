#include "training/mixed_batch.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "espalier/network/training/mixup.h"

namespace espalier {

MixedBatch mix(const Batch& batch, double alpha, const Rng& rng) {
  MixedBatch mixed{.images = batch.images, .labels = batch.labels};
  if (alpha == 0.0) return mixed;
  const Mixing mixing = draw_mixing(alpha, static_cast<std::size_t>(batch.labels.size(0)), rng);
  at::Tensor places = at::empty({batch.labels.size(0)}, at::kLong);
  std::ranges::copy(mixing.partners, places.data_ptr<std::int64_t>());
  places = places.to(batch.labels.device());
  mixed.share = mixing.share;
  mixed.images =
      at::add(batch.images * mixing.share, batch.images.index_select(0, places), 1.0 - mixing.share);
  mixed.other_labels = batch.labels.index_select(0, places);
  return mixed;
}

BatchLoss cross_entropy(const at::Tensor& logits, const MixedBatch& batch, const LossOptions& options) {
  const std::int64_t count = batch.labels.size(0);
  BatchLoss loss = cross_entropy(logits, batch.labels, count, options);
  if (!batch.other_labels.defined()) return loss;
  const BatchLoss other = cross_entropy(logits, batch.other_labels, count, options);
  const double rest = 1.0 - batch.share;
  return {.loss = batch.share * loss.loss + rest * other.loss,
          .result = {.loss = batch.share * loss.result.loss + rest * other.result.loss,
                     .correct = batch.share * loss.result.correct + rest * other.result.correct}};
}

}  // namespace espalier
