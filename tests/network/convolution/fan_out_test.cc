#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/small_outcome.h"
#include "network/threads.h"

// All that reads one tensor as one function, against the same network op by op.
namespace espalier::testing {
namespace {

/// A node that every kind of branch reads, of one stride or the other, and the weights of its edges.
Graph branches(int channels, int stride, const at::Tensor& alpha) {
  Graph graph("graph");
  graph.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {2, 4}, {3, 4}});
  graph.edge(1, 2).set_op(primitives::stem(channels));
  graph.edge(2, 3).set_op(
      Mixed{{primitives::relu_conv_bn(channels, 3, stride),
             primitives::sep_conv(channels, 3, stride, Affine::always),
             primitives::dil_conv(channels, 5, stride), primitives::depthwise_conv_bn_relu(3, stride)},
            std::make_shared<GivenWeighting>(alpha)});
  graph.edge(2, 4).set_op(
      Mixed{{primitives::sep_conv(channels, 5, stride), primitives::relu_conv_bn(channels, 1, stride),
             primitives::relu_conv_bn(channels, 3, stride), primitives::conv_bn_relu(channels, 3, stride)},
            std::make_shared<GivenWeighting>(alpha)});
  return graph;
}

SmallOutcome run(const Size& size, int stride, const CompileOptions& options, bool training = true) {
  const at::Tensor alpha = random_tensor({4}, 3).to(options.dtype).requires_grad_();
  const Shape shape{.channels = 3, .height = size.height, .width = size.width};
  const auto network = compile(branches(size.channels, stride, alpha), shape, Purpose::search, options);
  const auto images = [&](std::int64_t count, std::uint64_t seed) {
    return random_tensor({count, 3, size.height, size.width}, seed).to(options.dtype);
  };
  if (!training) {
    network->forward(images(4, 5));  // statistics other than 0 and 1
    network->eval();
  }
  return outcome_of(*network, images(size.batch, 1).requires_grad_(), alpha);
}

class FanOut : public ::testing::TestWithParam<Size> {
 protected:
  static void expect_as_op_by_op(int stride, bool winograd, bool training = true) {
    CompileOptions reference = CompileOptions::reference();
    reference.dtype = at::kDouble;
    CompileOptions options = in_double();
    options.winograd = winograd;
    expect_same(run(GetParam(), stride, options, training), run(GetParam(), stride, reference, training));
  }
};

TEST_P(FanOut, IsWhatItsBranchesAreOpByOp) { expect_as_op_by_op(1, /*winograd=*/true); }
TEST_P(FanOut, IsTheSameWithoutWinograd) { expect_as_op_by_op(1, /*winograd=*/false); }
TEST_P(FanOut, IsTheSameWithStrides) { expect_as_op_by_op(2, /*winograd=*/true); }
TEST_P(FanOut, IsTheSameInEvaluation) { expect_as_op_by_op(1, /*winograd=*/true, /*training=*/false); }

INSTANTIATE_TEST_SUITE_P(Sizes, FanOut,
                         ::testing::Values(Size{1, 2, 3, 5}, Size{2, 2, 2, 2}, Size{3, 3, 1, 7},
                                           Size{4, 1, 33, 1}, Size{7, 2, 5, 3}, Size{8, 9, 8, 8},
                                           Size{16, 17, 3, 3}, Size{16, 3, 17, 15}, Size{31, 1, 3, 3},
                                           Size{33, 2, 2, 5}, Size{70, 2, 3, 2}),
                         name_of);

TEST(FanOutTest, IsTheSameToTheBitOnAnyNumberOfThreads) {
  std::vector<SmallOutcome> outcomes;
  for (const int threads : {1, 2, 3}) {
    const Threads guard(threads);
    CompileOptions options;
    outcomes.push_back(run({.channels = 8, .batch = 16, .height = 12, .width = 9}, 1, options));
  }
  for (const SmallOutcome& outcome : outcomes) {
    for (const auto& [name, tensor] : outcomes.front()) {
      EXPECT_TRUE(!tensor.defined() || outcome.at(name).equal(tensor)) << name;
    }
  }
}

TEST(FanOutTest, ReadsNothingBeyondItsImage) {
  // A NaN in one image stays in that image.
  const at::Tensor alpha = at::zeros({4}, at::kDouble);
  const auto network = compile(branches(8, 1, alpha), {3, 5, 5}, Purpose::search, in_double());
  network->eval();
  at::Tensor images = random_tensor({3, 3, 5, 5}, 1);
  const at::Tensor clean = network->forward(images).detach();
  images[1].fill_(std::nan(""));
  const at::Tensor output = network->forward(images).detach();
  EXPECT_TRUE(output[0].equal(clean[0]));
  EXPECT_TRUE(output[2].equal(clean[2]));
  EXPECT_TRUE(output[1].isnan().all().item<bool>());
}

}  // namespace
}  // namespace espalier::testing
