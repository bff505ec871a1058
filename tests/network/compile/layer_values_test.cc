#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <utility>

#include "espalier/network/compile/weights_file.h"
#include "network/small_networks.h"
#include "network/threads.h"
#include "own_path.h"

namespace espalier::testing {
namespace {

constexpr Shape kImages{6, 5, 7};

/// A network of one edge.
std::shared_ptr<Network> network_of(const Primitive& primitive, CompileOptions options) {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edge(1, 2);
  graph.edge(1, 2).set_op(primitive);
  options.dtype = at::kDouble;
  return compile(graph, kImages, Purpose::evaluation, options);
}

at::Tensor images() { return random_tensor({3, kImages.channels, kImages.height, kImages.width}, 1) * 3; }

void expect_near(const at::Tensor& found, const at::Tensor& expected) {
  ASSERT_EQ(found.sizes(), expected.sizes());
  EXPECT_LE((found - expected).abs().max().item<double>(), 1e-12);
}

/// Expects `truth` of what a network of the primitive gives, compiled and not, in training and not.
void expect_values(const Primitive& primitive, const std::function<at::Tensor(const at::Tensor&)>& truth) {
  SCOPED_TRACE(primitive.name());
  for (const CompileOptions& options : {CompileOptions(), CompileOptions::reference()}) {
    const auto network = network_of(primitive, options);
    for (const bool training : {true, false}) {
      network->train(training);
      expect_near(network->forward(images()), truth(images()).flatten(1));
    }
  }
}

TEST(LayerValuesTest, OfActivationsAreThoseOfTheirFormulas) {
  const auto expect = [](ActivationFunction function, double (*formula)(double)) {
    expect_values(Primitive("activation", {Activation{function}}), [&](const at::Tensor& input) {
      at::Tensor output = input.clone();
      for (std::int64_t i = 0; i < output.numel(); ++i)
        output.data_ptr<double>()[i] = formula(output.data_ptr<double>()[i]);
      return output;
    });
  };
  expect(ActivationFunction::sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); });
  expect(ActivationFunction::hard_sigmoid, [](double x) { return std::clamp(x / 6 + 0.5, 0.0, 1.0); });
  expect(ActivationFunction::tanh, [](double x) { return std::tanh(x); });
  expect(ActivationFunction::silu, [](double x) { return x / (1 + std::exp(-x)); });
  expect(ActivationFunction::hard_swish, [](double x) { return x * std::clamp(x / 6 + 0.5, 0.0, 1.0); });
  expect(ActivationFunction::gelu, [](double x) { return x * 0.5 * (1 + std::erf(x / std::sqrt(2.0))); });
  expect(ActivationFunction::leaky_relu, [](double x) { return x < 0 ? 0.01 * x : x; });
  expect(ActivationFunction::elu, [](double x) { return x < 0 ? std::exp(x) - 1 : x; });
  expect(ActivationFunction::relu6, [](double x) { return std::clamp(x, 0.0, 6.0); });
}

TEST(LayerValuesTest, OfASliceAreItsChannels) {
  for (const auto& [begin, channels] : std::vector<std::pair<int, int>>{{0, 6}, {0, 2}, {2, 3}, {5, 1}})
    expect_values(Primitive("slice", {Slice{.begin = begin, .channels = channels}}),
                  [&](const at::Tensor& input) { return input.narrow(1, begin, channels).contiguous(); });
}

TEST(LayerValuesTest, OfAChannelShuffleAreTheChannelsOfItsGroupsInTurn) {
  expect_values(Primitive("shuffle", {ChannelShuffle{2}}), [](const at::Tensor& input) {
    return input.index_select(1, at::tensor({0, 3, 1, 4, 2, 5}, at::kLong));
  });
  expect_values(Primitive("shuffle", {ChannelShuffle{3}}), [](const at::Tensor& input) {
    return input.index_select(1, at::tensor({0, 2, 4, 1, 3, 5}, at::kLong));
  });
}

TEST(LayerValuesTest, OfAProductAreThoseOfItsFactors) {
  expect_values(Primitive("product",
                          std::vector<Primitive::Node>{
                              {"mean", GlobalAvgPool{}, {Primitive::kInput}},
                              {"tanh", Activation{ActivationFunction::tanh}, {Primitive::kInput}},
                              {"multiply", Multiply{}, {Primitive::kInput, 0, 1}},
                          }),
                [](const at::Tensor& input) {
                  return input * input.mean({2, 3}, true) * input.tanh();
                });
}

at::Tensor normalized(const at::Tensor& input) {
  const at::Tensor centered = input - input.mean(at::IntArrayRef{1}, /*keepdim=*/true);
  return centered / (centered * centered).mean(at::IntArrayRef{1}, /*keepdim=*/true).add(1e-6).sqrt();
}

TEST(LayerValuesTest, OfALayerNormAreThoseOfItsFormula) {
  expect_values(Primitive("layer_norm", {LayerNorm{}}), normalized);
  const auto network = network_of(Primitive("layer_norm", {LayerNorm{}}), {});
  const auto parameters = network->named_parameters();
  const at::Tensor scale = random_tensor({6}, 2);
  const at::Tensor bias = random_tensor({6}, 3);
  {
    const at::NoGradGuard no_grad;
    parameters["layer_norm.weight"].copy_(scale);
    parameters["layer_norm.bias"].copy_(bias);
  }
  expect_near(network->forward(images()),
              (normalized(images()) * scale.view({1, 6, 1, 1}) + bias.view({1, 6, 1, 1})).flatten(1));
}

TEST(LayerValuesTest, OfALayerNormsWeightsAreOneAndZeroAndAreSaved) {
  const auto network = network_of(Primitive("norm", {LayerNorm{}}), {});
  EXPECT_THAT(network->named_parameters().keys(),
              ::testing::ElementsAre("norm.layer_norm.weight", "norm.layer_norm.bias"));
  EXPECT_TRUE(network->named_buffers().is_empty()) << "there are no running statistics";
  const auto expect_initial = [&] {
    const auto parameters = network->named_parameters();
    EXPECT_TRUE(at::equal(parameters["norm.layer_norm.weight"], at::ones({6}, at::kDouble)));
    EXPECT_TRUE(at::equal(parameters["norm.layer_norm.bias"], at::zeros({6}, at::kDouble)));
  };
  expect_initial();
  {
    const at::NoGradGuard no_grad;
    for (const at::Tensor& parameter : network->parameters()) parameter.copy_(random_tensor({6}, 2));
  }
  const at::Tensor outputs = network->forward(images());
  const auto file = own_path("layer_norm.safetensors");
  std::ofstream(file, std::ios::binary) << save_weights(*network);
  network->initialize(1);
  expect_initial();
  load_weights(file, *network);
  EXPECT_TRUE(at::equal(network->forward(images()), outputs));
}

TEST(LayerValuesTest, AreTheSameToTheBitOnAnyNumberOfThreads) {
  // Of the activations, only those without exp(), erf() or tanh(): LibTorch computes these in another way for
  // the last few numbers of each thread.
  const std::vector<Primitive> primitives = {
      Primitive("norm", {LayerNorm{}}),
      Primitive("slice", {Slice{.begin = 3, .channels = 7}}),
      Primitive("shuffle", {ChannelShuffle{4}}),
      Primitive("hard_swish", {Activation{ActivationFunction::hard_swish}}),
      Primitive("leaky_relu", {Activation{ActivationFunction::leaky_relu}}),
      Primitive("product", std::vector<Primitive::Node>{
                               {"mean", GlobalAvgPool{}, {Primitive::kInput}},
                               {"hard_sigmoid", Activation{ActivationFunction::hard_sigmoid}, {0}},
                               {"relu6", Activation{ActivationFunction::relu6}, {Primitive::kInput}},
                               {"multiply", Multiply{}, {Primitive::kInput, 1, 2}},
                           })};
  for (const Primitive& primitive : primitives) {
    const auto train = [&](int threads) {
      const Threads guard(threads);
      Graph graph("graph");
      graph.add_node_range(1, 2).add_edge(1, 2);
      graph.edge(1, 2).set_op(primitive);
      const auto network = compile(graph, {16, 32, 32}, Purpose::evaluation);
      const at::Tensor images = random_tensor({8, 16, 32, 32}, 1).to(at::kFloat).requires_grad_();
      const at::Tensor output = network->forward(images);
      (output * random_tensor(output.sizes(), 2).to(at::kFloat)).sum().backward();
      std::vector<at::Tensor> found = {output.detach(), images.grad()};
      for (const at::Tensor& parameter : network->parameters()) found.push_back(parameter.grad());
      return found;
    };
    const std::vector<at::Tensor> one = train(1);
    for (const int threads : {2, 3}) {
      const std::vector<at::Tensor> several = train(threads);
      for (std::size_t i = 0; i < one.size(); ++i)
        EXPECT_TRUE(at::equal(several[i], one[i])) << primitive.name() << ", tensor " << i << ", " << threads;
    }
  }
}

TEST(LayerValuesTest, OfSqueezeAndExcitationAreThoseOfItsFormula) {
  const auto network = network_of(primitives::squeeze_excitation(6, 3), {});
  const auto weight = [&](const char* name) {
    return network->named_parameters()[std::string("squeeze_excitation.") + name];
  };
  const at::Tensor squeezed =
      at::relu(at::conv2d(images().mean({2, 3}, true), weight("squeeze.weight"), weight("squeeze.bias")));
  const at::Tensor scale = at::sigmoid(at::conv2d(squeezed, weight("excite.weight"), weight("excite.bias")));
  expect_near(network->forward(images()), (images() * scale).flatten(1));
}

}  // namespace
}  // namespace espalier::testing
