#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "espalier/network/compile/module_layer.h"
#include "network/one_shot/hooked_optimizer.h"
#include "network/small_networks.h"
#include "network/small_outcome.h"

namespace espalier::testing {

/// Counts how often it runs.
class CountingModule final : public LayerModule {
 public:
  explicit CountingModule(std::shared_ptr<int> calls) : calls_(std::move(calls)) {}
  void initialize(Rng&) override {}
  at::Tensor forward(const std::vector<at::Tensor>& inputs) override {
    ++*calls_;
    return inputs.front() * 2.0;
  }

 private:
  std::shared_ptr<int> calls_;
};

class CountingLayer final : public ModuleLayer {
 public:
  explicit CountingLayer(std::shared_ptr<int> calls) : calls_(std::move(calls)) {}
  std::string_view kind() const override { return "counting"; }
  std::string describe() const override { return "counting"; }
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs.front(); }
  std::int64_t parameters(std::span<const Shape>, Purpose) const override { return 0; }
  std::int64_t flops(std::span<const Shape>) const override { return 0; }
  std::shared_ptr<LayerModule> make_module(std::span<const Shape>, Purpose) const override {
    return std::make_shared<CountingModule>(calls_);
  }

 private:
  std::shared_ptr<int> calls_;
};

/// An edge of four candidates; two have a batch norm, and one is a plugin's own layer.
class EdgeOfFour final : public SearchSpace {
 public:
  explicit EdgeOfFour(const std::shared_ptr<int>& calls) : SearchSpace(definition(calls)) {
    set_name("edge_of_four");
  }

 private:
  static SpaceDefinition definition(const std::shared_ptr<int>& calls) {
    Graph network("network");
    network.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    network.edge(1, 2).set_op(primitives::stem(4));
    network.edge(2, 3).set_op(
        Candidates{primitives::identity(), primitives::relu_conv_bn(4, 3).renamed("conv_3x3"),
                   primitives::relu_conv_bn(4, 1).renamed("conv_1x1"),
                   Primitive("counting", {CustomLayer{std::make_shared<const CountingLayer>(calls)}})});
    network.edge(3, 4).set_op(primitives::classifier(4));
    return {.graph = std::move(network), .input_shape = {.channels = 3, .height = 6, .width = 6}};
  }
};

/// What a pass left, and how often the plugin's layer ran.
struct CountedOutcome {
  SmallOutcome tensors;
  int calls;
};

/// Runs a forward and a backward pass of the space under a weighting.
inline CountedOutcome run(const FunctionWeighting::Weights& weights, const FunctionWeighting::Runs& runs,
                          const at::Tensor& alpha, CompileOptions options) {
  const auto calls = std::make_shared<int>(0);
  const EdgeOfFour space(calls);
  options.dtype = at::kDouble;
  options.seed = 1;
  const auto network =
      compile(space.relax([&](std::size_t) { return std::make_shared<FunctionWeighting>(4, weights, runs); }),
              space.input_shape(), Purpose::search, options);
  network->train();
  alpha.mutable_grad().reset();
  SmallOutcome tensors = outcome_of(*network, random_tensor({5, 3, 6, 6}, 1).requires_grad_(), alpha);
  return {.tensors = std::move(tensors), .calls = *calls};
}

inline constexpr const char* kConv3 = "edge_2_3.conv_3x3.";
inline constexpr const char* kConv1 = "edge_2_3.conv_1x1.";

/// Whether a candidate with a batch norm ran.
inline void expect_run(const SmallOutcome& outcome, const std::string& candidate, bool ran) {
  EXPECT_EQ(outcome.at(candidate + "conv.weight").defined(), ran) << candidate;
  const at::Tensor mean = outcome.at(candidate + "bn.running_mean");
  const at::Tensor variance = outcome.at(candidate + "bn.running_var");
  EXPECT_EQ(at::equal(mean, at::zeros_like(mean)), !ran) << candidate;
  EXPECT_EQ(at::equal(variance, at::ones_like(variance)), !ran) << candidate;
}

}  // namespace espalier::testing
