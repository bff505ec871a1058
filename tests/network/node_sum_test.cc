#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "small_networks.h"

// What enters a node as one function, against the same network op by op.
namespace espalier::testing {
namespace {

struct Size {
  int channels;
  std::int64_t batch;
  int height;
  int width;
};

/// A node that a convolution with its batch norm, two pools and the node before enter.
Graph node(int channels, const at::Tensor& alpha) {
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  graph.edge(1, 2).set_op(primitives::stem(channels));
  graph.edge(2, 3).set_op(Mixed{{primitives::relu_conv_bn(channels, 3), primitives::avg_pool(1, true),
                                 primitives::max_pool(), primitives::identity(), primitives::zero()},
                                std::make_shared<GivenWeighting>(alpha)});
  return graph;
}

std::map<std::string, at::Tensor> run(const Size& size, bool fold, bool training = true) {
  const at::Tensor alpha = random_tensor({5}, 3).requires_grad_();
  CompileOptions options;
  options.dtype = at::kDouble;
  options.passes.fold = fold;
  const Shape shape{.channels = 3, .height = size.height, .width = size.width};
  const auto network = compile(node(size.channels, alpha), shape, Purpose::search, options);
  if (!training) {
    network->forward(random_tensor({4, 3, size.height, size.width}, 5));  // statistics other than 0 and 1
    network->eval();
  }
  at::Tensor images = random_tensor({size.batch, 3, size.height, size.width}, 1).requires_grad_();
  const at::Tensor output = network->forward(images);
  (output * random_tensor(output.sizes(), 2)).sum().backward();
  std::map<std::string, at::Tensor> outcome = {
      {"output", output.detach()}, {"alpha", alpha.grad()}, {"images", images.grad()}};
  for (const auto& entry : network->named_parameters()) outcome[entry.key()] = entry.value().grad();
  for (const auto& entry : network->named_buffers()) outcome[entry.key()] = entry.value();
  return outcome;
}

void expect_same(const std::map<std::string, at::Tensor>& outcome,
                 const std::map<std::string, at::Tensor>& expected) {
  ASSERT_EQ(outcome.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    ASSERT_EQ(outcome.at(name).defined(), tensor.defined()) << name;
    if (!tensor.defined()) continue;
    const double scale = std::max(1.0, tensor.abs().max().item<double>());
    EXPECT_LE((outcome.at(name) - tensor).abs().max().item<double>(), 1e-10 * scale) << name;
  }
}

class NodeSum : public ::testing::TestWithParam<Size> {};

TEST_P(NodeSum, IsWhatItsTermsAreOpByOp) { expect_same(run(GetParam(), true), run(GetParam(), false)); }

TEST_P(NodeSum, IsTheSameInEvaluation) {
  expect_same(run(GetParam(), true, false), run(GetParam(), false, false));
}

INSTANTIATE_TEST_SUITE_P(Sizes, NodeSum,
                         ::testing::Values(Size{1, 2, 3, 5}, Size{2, 1, 2, 2}, Size{3, 3, 1, 7},
                                           Size{4, 1, 33, 1}, Size{7, 2, 5, 3}, Size{8, 2, 8, 8},
                                           Size{16, 5, 33, 31}, Size{17, 2, 4, 4}, Size{31, 1, 3, 3},
                                           Size{33, 2, 2, 5}, Size{70, 2, 3, 2}),
                         [](const auto& tested) {
                           const Size& size = tested.param;
                           return std::to_string(size.batch) + "x" + std::to_string(size.channels) + "x" +
                                  std::to_string(size.height) + "x" + std::to_string(size.width);
                         });

TEST(NodeSumTest, IsTheSameToTheBitOnAnyNumberOfThreads) {
  const int before = at::get_num_threads();
  const Size size{.channels = 5, .batch = 8, .height = 32, .width = 33};
  std::vector<std::map<std::string, at::Tensor>> outcomes;
  for (const int threads : {1, 2, 3}) {
    at::set_num_threads(threads);
    outcomes.push_back(run(size, true));
  }
  at::set_num_threads(before);
  // LibTorch's own convolutions may differ: what the node alone computes must not.
  for (const auto& outcome : outcomes) EXPECT_TRUE(outcome.at("alpha").equal(outcomes.front().at("alpha")));
}

TEST(NodeSumTest, RefusesASecondBackwardPassAndGradientsOfGradients) {
  const at::Tensor alpha = random_tensor({5}, 3).requires_grad_();
  CompileOptions options;
  options.dtype = at::kDouble;
  const auto network = compile(node(4, alpha), {3, 6, 6}, Purpose::search, options);
  const auto message = [](const auto& act) -> std::string {
    try {
      act();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "nothing thrown";
  };
  const at::Tensor loss = network->forward(random_tensor({2, 3, 6, 6}, 1)).sum();
  loss.backward({}, /*retain_graph=*/true);
  EXPECT_THAT(message([&] { loss.backward(); }), ::testing::HasSubstr("second backward pass"));
  const at::Tensor other = network->forward(random_tensor({2, 3, 6, 6}, 1)).sum();
  EXPECT_THAT(message([&] { other.backward({}, true, /*create_graph=*/true); }),
              ::testing::HasSubstr("gradients of gradients"));
}

}  // namespace
}  // namespace espalier::testing
