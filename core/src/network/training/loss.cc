#include "training/loss.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

constexpr std::int64_t kIgnoreNoLabel = -100;  // LibTorch's default

}  // namespace

BatchLoss cross_entropy(const at::Tensor& logits, const at::Tensor& labels, std::int64_t count,
                        const LossOptions& options) {
  const auto images = static_cast<double>(count);
  const at::Tensor loss = at::cross_entropy_loss(logits, labels, options.class_weights, at::Reduction::Mean,
                                                 kIgnoreNoLabel, options.label_smoothing) *
                          (static_cast<double>(labels.size(0)) / images);
  const auto value = loss.item<double>();
  if (!std::isfinite(value)) {
    throw Error({.what = fmt::format("the loss is not finite: {}", value),
                 .expected = "a finite cross entropy",
                 .remedy = "lower the learning rate, or clip the gradient to a smaller norm"});
  }
  return {.loss = loss,
          .result = {.loss = value, .correct = logits.argmax(1).eq(labels).sum().item<double>() / images}};
}

}  // namespace espalier
