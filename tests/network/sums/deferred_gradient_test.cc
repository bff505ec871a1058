#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "network/small_outcome.h"
#include "network/threads.h"

// The gradient of a tensor that many read, against the same network op by op.
namespace espalier::testing {
namespace {

/// A cell whose nodes are read by every later one, through pools with and without batch norm, identities and
/// convolutions, and by the concatenation that leaves it.
Graph cell(int channels, const at::Tensor& alpha) {
  Graph graph("graph");
  graph.add_node_range(1, 7).add_edges(
      {{1, 2}, {2, 3}, {2, 4}, {3, 4}, {2, 5}, {3, 5}, {4, 5}, {3, 6}, {4, 6}, {5, 6}, {6, 7}});
  graph.edge(1, 2).set_op(primitives::stem(channels));
  for (int to = 3; to <= 5; ++to) {
    for (int from = 2; from < to; ++from) {
      graph.edge(from, to).set_op(
          Mixed{{primitives::identity(), primitives::max_pool(1, true), primitives::avg_pool(1, true),
                 primitives::max_pool(), primitives::sep_conv(channels, 3)},
                std::make_shared<GivenWeighting>(alpha)});
    }
  }
  graph.node(6).set_combine(primitives::concat());
  graph.edge(6, 7).set_op(primitives::relu_conv_bn(channels, 1));
  return graph;
}

SmallOutcome run(const Size& size, CompileOptions options) {
  options.dtype = at::kDouble;
  const at::Tensor alpha = random_tensor({5}, 3).requires_grad_();
  const auto network =
      compile(cell(size.channels, alpha), {3, size.height, size.width}, Purpose::search, options);
  return outcome_of(*network, random_tensor({size.batch, 3, size.height, size.width}, 1).requires_grad_(),
                    alpha);
}

class DeferredGradientOf : public ::testing::TestWithParam<Size> {};

TEST_P(DeferredGradientOf, AllReadersIsThatOpByOp) {
  const SmallOutcome expected = run(GetParam(), CompileOptions::reference());
  expect_same(run(GetParam(), {}), expected);
  CompileOptions again;
  again.recompute = Recompute::always;
  expect_same(run(GetParam(), again), expected);
}

INSTANTIATE_TEST_SUITE_P(Sizes, DeferredGradientOf,
                         ::testing::Values(Size{1, 2, 3, 5}, Size{3, 1, 4, 2}, Size{5, 3, 1, 7},
                                           Size{8, 2, 8, 8}, Size{16, 5, 17, 9}, Size{33, 2, 2, 5}),
                         name_of);

TEST(DeferredGradientTest, IsTheSameToTheBitOnAnyNumberOfThreads) {
  const Size size{.channels = 8, .batch = 6, .height = 17, .width = 16};
  std::vector<SmallOutcome> outcomes;
  for (const int threads : {1, 2, 3}) {
    const Threads guard(threads);
    outcomes.push_back(run(size, {}));
  }
  for (const auto& outcome : outcomes)
    for (const auto& [name, tensor] : outcomes.front()) EXPECT_TRUE(outcome.at(name).equal(tensor)) << name;
}

/// A reader whose gradient nobody asks for leaves nothing behind for the others.
TEST(DeferredGradientTest, ServesThoseThatAreAskedForAlone) {
  const at::Tensor alpha = random_tensor({5}, 3).requires_grad_();
  const auto gradient = [&](const CompileOptions& with, bool of_images) {
    CompileOptions options = with;
    options.dtype = at::kDouble;
    const auto network = compile(cell(4, alpha), {3, 6, 6}, Purpose::search, options);
    const at::Tensor images = random_tensor({2, 3, 6, 6}, 1).requires_grad_();
    const at::Tensor loss = network->forward(images).pow(2).sum();
    const at::Tensor asked = of_images ? images : alpha;
    return torch::autograd::grad({loss}, {asked}).front();
  };
  for (const bool of_images : {false, true}) {
    const at::Tensor expected = gradient(CompileOptions::reference(), of_images);
    EXPECT_TRUE(gradient({}, of_images).allclose(expected, 1e-9, 1e-9)) << of_images;
  }
}

}  // namespace
}  // namespace espalier::testing
