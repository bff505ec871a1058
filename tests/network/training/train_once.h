#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "network/small_networks.h"

namespace espalier::testing {

enum class Relaxation { softmax, hard };

/// A supernet and the architecture parameters that weigh it.
struct Relaxed {
  Graph graph;
  std::vector<std::shared_ptr<GivenWeighting>> weightings;
};

inline Relaxed relax(const SearchSpace& space, Relaxation relaxation, at::ScalarType dtype) {
  Relaxed relaxed;
  relaxed.graph = space.relax([&](std::size_t choice) {
    const std::size_t candidates = space.choices()[choice].candidates.size();
    const at::Tensor alpha = random_tensor({static_cast<std::int64_t>(candidates)}, 100 + choice).to(dtype);
    const auto selected =
        relaxation == Relaxation::hard ? std::optional(choice % candidates) : std::optional<std::size_t>();
    relaxed.weightings.push_back(std::make_shared<GivenWeighting>(alpha.requires_grad_(), selected));
    return relaxed.weightings.back();
  });
  return relaxed;
}

/// All that a training step leaves, by name, in double precision.
using Trained = std::map<std::string, at::Tensor>;

inline Trained train_once(const SearchSpace& space, Relaxation relaxation, const CompileOptions& options,
                          std::uint64_t image_seed = 7) {
  const Relaxed relaxed = relax(space, relaxation, options.dtype);
  const auto network = compile(relaxed.graph, space.input_shape(), Purpose::search, options);
  const Shape& shape = space.input_shape();
  const at::Tensor images =
      random_tensor({4, shape.channels, shape.height, shape.width}, image_seed).to(options.dtype);
  const at::Tensor labels = at::tensor({0, 1, 2, 0}, at::kLong);
  const at::Tensor logits = network->forward(images);
  at::cross_entropy_loss(logits, labels).backward();

  Trained outcome;
  outcome["logits"] = logits;
  for (const auto& entry : network->named_parameters())
    outcome["gradient of " + entry.key()] = entry.value().grad();
  for (const auto& entry : network->named_buffers()) outcome[entry.key()] = entry.value();
  for (std::size_t i = 0; i < relaxed.weightings.size(); ++i) {
    EXPECT_EQ(relaxed.weightings[i]->calls, 1) << "a weighting is asked once in a pass";
    outcome["gradient of alpha " + std::to_string(i)] = relaxed.weightings[i]->alpha().grad();
  }
  network->eval();
  outcome["logits in evaluation"] = network->forward(images);
  for (auto& [name, tensor] : outcome) {
    if (tensor.defined()) tensor = tensor.detach().to(at::kDouble);
  }
  return outcome;
}

/// The largest difference, relative to the largest value of the tensor. A gradient that is zero may be
/// missing: what weighs nothing is not run.
inline double difference(const at::Tensor& tensor, const at::Tensor& truth) {
  if (!truth.defined()) return tensor.defined() ? tensor.abs().max().item<double>() : 0.0;
  const double scale = std::max(truth.abs().max().item<double>(), 1e-3);
  if (!tensor.defined()) return truth.abs().max().item<double>() / scale;
  return (tensor - truth).abs().max().item<double>() / scale;
}

inline void expect_same(const Trained& outcome, const Trained& truth, double tolerance) {
  ASSERT_EQ(outcome.size(), truth.size());
  for (const auto& [name, expected] : truth) {
    ASSERT_TRUE(outcome.contains(name)) << name;
    EXPECT_LE(difference(outcome.at(name), expected), tolerance) << name;
  }
}

inline CompileOptions reference(at::ScalarType dtype) {
  CompileOptions options = CompileOptions::reference();
  options.dtype = dtype;
  return options;
}

/// The largest error over all tensors that a training step leaves.
inline double worst_error(const Trained& outcome, const Trained& truth) {
  double worst = 0.0;
  for (const auto& [name, expected] : truth) worst = std::max(worst, difference(outcome.at(name), expected));
  return worst;
}

}  // namespace espalier::testing
