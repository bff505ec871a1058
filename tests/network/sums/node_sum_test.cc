#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/small_outcome.h"
#include "network/threads.h"

// What enters a node as one function, against the same network op by op.
namespace espalier::testing {
namespace {

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

SmallOutcome run(const Size& size, bool fold, bool training = true) {
  const at::Tensor alpha = random_tensor({5}, 3).requires_grad_();
  CompileOptions options;
  options.dtype = at::kDouble;
  options.passes.fold_batch_norms = fold;
  const Shape shape{.channels = 3, .height = size.height, .width = size.width};
  const auto network = compile(node(size.channels, alpha), shape, Purpose::search, options);
  if (!training) {
    network->forward(random_tensor({4, 3, size.height, size.width}, 5));  // statistics other than 0 and 1
    network->eval();
  }
  return outcome_of(*network, random_tensor({size.batch, 3, size.height, size.width}, 1).requires_grad_(),
                    alpha);
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
                         name_of);

TEST(NodeSumTest, IsTheSameToTheBitOnAnyNumberOfThreads) {
  const Size size{.channels = 5, .batch = 8, .height = 32, .width = 33};
  std::vector<SmallOutcome> outcomes;
  for (const int threads : {1, 2, 3}) {
    const Threads guard(threads);
    outcomes.push_back(run(size, true));
  }
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
