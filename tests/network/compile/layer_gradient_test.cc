#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "network/small_networks.h"

namespace espalier::testing {
namespace {

/// Compares the gradient that `tensor` holds with central differences of `value`, at about twenty entries.
template <class Value>
void expect_gradient(const at::Tensor& tensor, const Value& value, const std::string& what) {
  ASSERT_TRUE(tensor.grad().defined());
  const at::NoGradGuard no_grad;
  const at::Tensor flat = tensor.detach().view(-1);
  const at::Tensor gradient = tensor.grad().contiguous().view(-1);
  for (std::int64_t i = 0; i < flat.numel(); i += 1 + flat.numel() / 20) {
    constexpr double step = 1e-6;
    const double before = flat[i].item<double>();
    flat[i] = before + step;
    const double above = value().template item<double>();
    flat[i] = before - step;
    const double below = value().template item<double>();
    flat[i] = before;
    EXPECT_NEAR(gradient[i].item<double>(), (above - below) / (2 * step), 1e-6) << what;
  }
}

/// Checks every gradient of Σ output·random by central differences, in double precision.
void check_gradients(const Primitive& primitive, int inputs, const Shape& shape, bool training = true) {
  // Everything that enters comes from a layer of its own, so that it is a parameter as well.
  Graph graph("graph");
  graph.add_node_range(1, inputs + 2);
  for (int i = 2; i <= inputs + 1; ++i) {
    graph.add_edges({{1, i}, {i, inputs + 2}});
    graph.edge(1, i).set_op(Primitive("scale", {Conv2d{.kernel = 1, .groups = kDepthwise, .bias = true}}));
  }
  graph.node(inputs + 2).set_combine(primitive);
  CompileOptions options;
  options.dtype = at::kDouble;
  options.seed = 5;
  const auto network = compile(graph, shape, Purpose::evaluation, options);
  network->train(training);
  at::Tensor images = random_tensor({2, shape.channels, shape.height, shape.width}, 1).requires_grad_();
  const at::Tensor direction = random_tensor(network->forward(images).sizes(), 2);
  const auto value = [&] {
    network->reseed(3);
    return (network->forward(images) * direction).sum();
  };
  value().backward();

  std::vector<at::Tensor> all = network->parameters();
  all.push_back(images);
  ASSERT_GT(all.size(), 1U);
  for (const at::Tensor& tensor : all) expect_gradient(tensor, value, primitive.name());
}

constexpr Shape kImage{4, 5, 5};

Primitive single(Layer layer) { return Primitive("layer", {std::move(layer)}); }

TEST(LayerGradientTest, Convolutions) {
  check_gradients(single(Conv2d{.out_channels = 3, .kernel = 3, .padding = 1}), 1, kImage);
  check_gradients(single(Conv2d{.out_channels = 3, .kernel = 3, .stride = 2, .padding = 1, .bias = true}), 1,
                  kImage);
  check_gradients(single(Conv2d{.kernel = 3, .padding = 2, .dilation = 2, .groups = kDepthwise}), 1, kImage);
  check_gradients(single(Conv2d{.out_channels = 6, .kernel = 1, .groups = 2}), 1, kImage);
}

TEST(LayerGradientTest, BatchNormInTrainingAndInEvaluation) {
  check_gradients(single(BatchNorm{}), 1, kImage);
  check_gradients(single(BatchNorm{.affine = Affine::never}), 1, kImage);
  check_gradients(single(BatchNorm{}), 1, kImage, /*training=*/false);
}

TEST(LayerGradientTest, Pools) {
  check_gradients(single(MaxPool{}), 1, kImage);
  check_gradients(single(MaxPool{.stride = 2}), 1, kImage);
  check_gradients(single(AvgPool{}), 1, kImage);
  check_gradients(single(AvgPool{.kernel = 2, .stride = 2, .padding = 0}), 1, kImage);
  check_gradients(single(GlobalAvgPool{}), 1, kImage);
}

TEST(LayerGradientTest, WithoutWeights) {
  check_gradients(single(ReLU{}), 1, kImage);
  check_gradients(single(Identity{}), 1, kImage);
  check_gradients(single(Shift{.pixels = 1}), 1, kImage);
  check_gradients(single(Dropout{.probability = 0.4}), 1, kImage);
  check_gradients(single(DropPath{.probability = 0.4}), 1, kImage);
}

TEST(LayerGradientTest, LinearSumAndConcat) {
  check_gradients(single(Linear{.out_features = 3}), 1, kImage);
  check_gradients(single(Sum{}), 3, kImage);
  check_gradients(single(Concat{}), 2, kImage);
}

TEST(LayerGradientTest, WholePrimitives) {
  check_gradients(primitives::sep_conv(4, 3, 2), 1, kImage);
  check_gradients(primitives::factorized_reduce(4), 1, {4, 6, 6});
  check_gradients(primitives::residual_block(4), 1, {4, 6, 6});
}

TEST(LayerGradientTest, WeightedSums) {
  for (const bool flatten : {false, true}) {
    at::Tensor alpha = random_tensor({3}, 4).requires_grad_();
    Graph graph("graph");
    graph.add_node_range(1, 2).add_edge(1, 2);
    graph.edge(1, 2).set_op(Mixed{{primitives::identity(), primitives::max_pool(), primitives::avg_pool()},
                                  std::make_shared<GivenWeighting>(alpha)});
    CompileOptions options;
    options.dtype = at::kDouble;
    options.passes.flatten_sums = flatten;
    const auto network = compile(graph, kImage, Purpose::search, options);
    at::Tensor images = random_tensor({2, 4, 5, 5}, 1).requires_grad_();
    const at::Tensor direction = random_tensor({2, 100}, 2);
    const auto value = [&] { return (network->forward(images) * direction).sum(); };
    value().backward();
    for (const at::Tensor& tensor : {alpha, images}) expect_gradient(tensor, value, "weighted_sum");
  }
}

}  // namespace
}  // namespace espalier::testing
