#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <array>

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

/// Checks the gradients of Σ gradient·random, where `gradient` are those of Σ output²·random, in all that the
/// network reads, for a network of this layer alone whose weights are random as well.
void check_second_gradients(const Primitive& primitive, const Shape& shape) {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edge(1, 2);
  graph.edge(1, 2).set_op(primitive);
  CompileOptions options;
  options.dtype = at::kDouble;
  options.passes.fold_batch_norms = false;  // with it, slices have no second gradients
  const auto network = compile(graph, shape, Purpose::evaluation, options);
  std::vector<at::Tensor> all = network->parameters();
  {
    const at::NoGradGuard no_grad;
    for (const at::Tensor& tensor : all) tensor.copy_(random_tensor(tensor.sizes(), 4));
  }
  all.push_back(random_tensor({2, shape.channels, shape.height, shape.width}, 1).requires_grad_());
  const at::Tensor direction = random_tensor(network->forward(all.back()).sizes(), 2);
  const auto value = [&] {
    const at::AutoGradMode with_gradients(true);
    const at::Tensor output = network->forward(all.back());
    const auto gradients =
        torch::autograd::grad({(output * output * direction).sum()}, all, {}, /*retain_graph=*/true,
                              /*create_graph=*/true);
    at::Tensor total = at::zeros({}, at::kDouble);
    for (std::size_t i = 0; i < all.size(); ++i)
      total = total + (gradients[i] * random_tensor(gradients[i].sizes(), 5 + i)).sum();
    return total;
  };
  value().backward();
  for (const at::Tensor& tensor : all) expect_gradient(tensor, value, primitive.name());
}

/// Compares all gradients of Σ output·random in single precision with those in double precision.
void check_in_float(const Primitive& primitive, const Shape& shape) {
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  graph.edge(1, 2).set_op(Primitive("conv", {Conv2d{.kernel = 3, .padding = 1}}));
  graph.edge(2, 3).set_op(primitive);
  const auto gradients = [&](at::ScalarType dtype) {
    CompileOptions options;
    options.dtype = dtype;
    const auto network = compile(graph, shape, Purpose::evaluation, options);
    const at::Tensor images =
        random_tensor({2, shape.channels, shape.height, shape.width}, 1).to(dtype).requires_grad_();
    const at::Tensor output = network->forward(images);
    EXPECT_EQ(output.scalar_type(), dtype);
    (output * random_tensor(output.sizes(), 2).to(dtype)).sum().backward();
    std::vector<at::Tensor> found = {output.detach(), images.grad()};
    for (const at::Tensor& parameter : network->parameters()) found.push_back(parameter.grad());
    return found;
  };
  const std::vector<at::Tensor> exact = gradients(at::kDouble);
  const std::vector<at::Tensor> single = gradients(at::kFloat);
  for (std::size_t i = 0; i < exact.size(); ++i)
    EXPECT_LE((single[i] - exact[i]).abs().max().item<double>(),
              1e-5 * (1 + exact[i].abs().max().item<double>()))
        << primitive.name() << ", tensor " << i;
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

constexpr std::array kFunctions = {
    ActivationFunction::sigmoid,    ActivationFunction::hard_sigmoid, ActivationFunction::tanh,
    ActivationFunction::silu,       ActivationFunction::hard_swish,   ActivationFunction::gelu,
    ActivationFunction::leaky_relu, ActivationFunction::elu,          ActivationFunction::relu6};

/// The input, scaled by the means of its channels.
Primitive scaled_by_means() {
  return Primitive("scaled_by_means",
                   std::vector<Primitive::Node>{{"mean", GlobalAvgPool{}, {Primitive::kInput}},
                                                {"multiply", Multiply{}, {Primitive::kInput, 0}}});
}

/// The product of the first two channels, of the last two and of the second and the third.
Primitive product_of_slices() {
  return Primitive("product_of_slices", std::vector<Primitive::Node>{
                                            {"first", Slice{.channels = 2}, {Primitive::kInput}},
                                            {"last", Slice{.begin = 2, .channels = 2}, {Primitive::kInput}},
                                            {"middle", Slice{.begin = 1, .channels = 2}, {Primitive::kInput}},
                                            {"multiply", Multiply{}, {0, 1, 2}}});
}

TEST(LayerGradientTest, Activations) {
  for (const ActivationFunction function : kFunctions) {
    const Primitive primitive = single(Activation{function});
    SCOPED_TRACE(primitive.nodes().front().layer.kind());
    check_gradients(primitive, 1, kImage);
    check_second_gradients(primitive, kImage);
    check_in_float(primitive, kImage);
  }
}

TEST(LayerGradientTest, LayerNorms) {
  check_gradients(single(LayerNorm{}), 1, kImage);
  check_gradients(single(LayerNorm{}), 1, kImage, /*training=*/false);
  check_second_gradients(single(LayerNorm{}), kImage);
  check_in_float(single(LayerNorm{}), kImage);
}

TEST(LayerGradientTest, SlicesAndProducts) {
  check_gradients(single(Slice{.begin = 1, .channels = 2}), 1, kImage);
  check_gradients(single(Slice{.channels = 4}), 1, kImage);
  check_gradients(single(Slice{.begin = 3}), 1, kImage);
  check_gradients(single(Multiply{}), 2, kImage);
  check_gradients(single(Multiply{}), 3, kImage);
  for (const Primitive& primitive : {scaled_by_means(), product_of_slices()}) {
    check_gradients(primitive, 1, kImage);
    check_second_gradients(primitive, kImage);
    check_in_float(primitive, kImage);
  }
}

TEST(LayerGradientTest, ChannelShuffles) {
  for (const int groups : {1, 2, 4}) {
    check_gradients(single(ChannelShuffle{groups}), 1, kImage);
    check_second_gradients(single(ChannelShuffle{groups}), kImage);
    check_in_float(single(ChannelShuffle{groups}), kImage);
  }
}

/// Several steps read one slice, and so does the network's output.
TEST(LayerGradientTest, SlicesThatSeveralStepsRead) {
  const Primitive read("read",
                       std::vector<Primitive::Node>{
                           {"slice", Slice{.begin = 1, .channels = 2}, {Primitive::kInput}},
                           {"conv", Conv2d{.kernel = 3, .padding = 1}, {0}},
                           {"bn", BatchNorm{}, {1}},
                           {"depthwise", Conv2d{.kernel = 3, .padding = 1, .groups = kDepthwise}, {0}},
                           {"pool", MaxPool{}, {0}},
                           {"norm", BatchNorm{}, {0}},
                           {"sum", Sum{}, {0, 2, 3, 4, 5}},
                           {"concat", Concat{}, {6, 0}},
                       });
  check_gradients(read, 1, kImage);
  check_in_float(read, kImage);
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
  check_gradients(primitives::squeeze_excitation(4, 2), 1, {4, 6, 6});
  check_second_gradients(primitives::squeeze_excitation(4, 2), {4, 6, 6});
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
