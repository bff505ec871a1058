#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "network/small_networks.h"

namespace espalier::testing {

/// What a network of a few layers is run with.
struct Size {
  int channels;
  std::int64_t batch;
  int height;
  int width;
};

/// The name of a test for one size.
inline std::string name_of(const ::testing::TestParamInfo<Size>& tested) {
  const Size& size = tested.param;
  return std::to_string(size.batch) + "x" + std::to_string(size.channels) + "x" +
         std::to_string(size.height) + "x" + std::to_string(size.width);
}

/// What a forward and backward pass leaves, by name.
using SmallOutcome = std::map<std::string, at::Tensor>;

/// Runs both passes, the gradient of the output drawn from a seed.
inline SmallOutcome outcome_of(Network& network, const at::Tensor& images, const at::Tensor& alpha) {
  const at::Tensor output = network.forward(images);
  (output * random_tensor(output.sizes(), 2).to(images.scalar_type())).sum().backward();
  SmallOutcome outcome = {{"output", output.detach()}, {"alpha", alpha.grad()}, {"images", images.grad()}};
  for (const auto& entry : network.named_parameters()) outcome[entry.key()] = entry.value().grad();
  for (const auto& entry : network.named_buffers()) outcome[entry.key()] = entry.value();
  return outcome;
}

inline void expect_same(const SmallOutcome& outcome, const SmallOutcome& expected) {
  ASSERT_EQ(outcome.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    ASSERT_EQ(outcome.at(name).defined(), tensor.defined()) << name;
    if (!tensor.defined()) continue;
    const double scale = std::max(1.0, tensor.abs().max().item<double>());
    EXPECT_LE((outcome.at(name) - tensor).abs().max().item<double>(), 1e-10 * scale) << name;
  }
}

}  // namespace espalier::testing
