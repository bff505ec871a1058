#include "espalier/network/one_shot/inherited_accuracy.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "compile/batch_norm.h"
#include "training/loss.h"

namespace espalier {
namespace {

constexpr const char* kMean = "running_mean";
constexpr const char* kVariance = "running_var";

template <class Function>
void for_each_statistic(Network& network, Function&& function) {
  for (const auto& buffer : network.named_buffers()) {
    const std::string& name = buffer.key();
    if (name.ends_with(kMean)) function(buffer.value(), /*is_variance=*/false);
    if (name.ends_with(kVariance)) function(buffer.value(), /*is_variance=*/true);
  }
}

/// Measures the statistics of all batch norms anew. They begin at 0, and after n batches the moving averages
/// have the total weight 1 − (1 − momentum)ⁿ, by which they are divided; a batch norm that did not run keeps
/// a variance of 1.
void recalibrate(Network& network, SearchImages& images, std::uint64_t batches) {
  for_each_statistic(network, [](const at::Tensor& statistic, bool) { statistic.zero_(); });
  network.train();
  for (std::uint64_t i = 0; i < batches; ++i) {
    network.reseed(i);  // the same dropout in a search that was resumed
    network.forward(images.train(i).images);
  }
  const double weight = 1.0 - std::pow(1.0 - kBatchNormMomentum, static_cast<double>(batches));
  for_each_statistic(network, [&](const at::Tensor& statistic, bool is_variance) {
    statistic.div_(weight);
    if (is_variance && !statistic.any().item<bool>()) statistic.fill_(1.0);
  });
}

}  // namespace

InheritedAccuracy InheritedAccuracy::from(const Config& config) {
  const InheritedAccuracy defaults;
  return {.recalibration_batches = config.integer<std::uint64_t>(
              "recalibration_batches", defaults.recalibration_batches,
              "how many training batches an architecture's batch norms see before it is judged; 0: they keep "
              "the statistics of the supernet",
              between(0, 1'000'000)),
          .validation_batches = config.integer<std::uint64_t>(
              "validation_batches", defaults.validation_batches,
              "how many validation batches an architecture is judged by; 0: all", between(0, 1'000'000'000))};
}

BatchResult InheritedAccuracy::measure(Network& network, SearchImages& images) const {
  const at::NoGradGuard no_grad;
  if (recalibration_batches > 0) recalibrate(network, images, recalibration_batches);
  network.eval();
  const std::uint64_t batches = validation_batches == 0
                                    ? images.validation_batches()
                                    : std::min(validation_batches, images.validation_batches());
  BatchResult sum;
  double count = 0.0;
  for (std::uint64_t i = 0; i < batches; ++i) {
    const Batch batch = images.validation(i);
    const auto size = static_cast<double>(batch.labels.size(0));
    const BatchResult result =
        cross_entropy(network.forward(batch.images), batch.labels, batch.labels.size(0)).result;
    sum.loss += size * result.loss;
    sum.correct += size * result.correct;
    count += size;
  }
  return {.loss = sum.loss / count, .correct = sum.correct / count};
}

}  // namespace espalier
