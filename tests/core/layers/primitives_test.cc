#include "espalier/layers/primitives.h"

#include <gtest/gtest.h>

#include <vector>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

constexpr Shape k16{16, 32, 32};

std::int64_t parameters(const Primitive& primitive, const Shape& input, Purpose purpose) {
  return primitive.parameters({&input, 1}, purpose);
}
std::int64_t searched(const Primitive& primitive, const Shape& input = k16) {
  return parameters(primitive, input, Purpose::search);
}
std::int64_t evaluated(const Primitive& primitive, const Shape& input = k16) {
  return parameters(primitive, input, Purpose::evaluation);
}
std::int64_t flops(const Primitive& primitive, const Shape& input) { return primitive.flops({&input, 1}); }

TEST(Primitives, ReLUConvBN) {
  EXPECT_EQ(searched(primitives::relu_conv_bn(32, 1)), 16 * 32);
  EXPECT_EQ(evaluated(primitives::relu_conv_bn(32, 1)), 16 * 32 + 2 * 32);
  EXPECT_EQ(evaluated(primitives::relu_conv_bn(16, 3)), 9 * 16 * 16 + 32);
  EXPECT_EQ(searched(primitives::relu_conv_bn(16, 3, 1, Affine::always)), 9 * 16 * 16 + 32);
  EXPECT_EQ(primitives::relu_conv_bn(32, 3, 2).output_shape(k16), (Shape{32, 16, 16}));
  EXPECT_EQ(flops(primitives::relu_conv_bn(16, 1), k16), 1024 * (16 + 16 * 16 + 2 * 16));
}

TEST(Primitives, SepConv) {
  // Two depthwise convolutions with k² weights for each channel, each followed by a pointwise convolution and
  // a batch norm with a scale and a bias.
  EXPECT_EQ(searched(primitives::sep_conv(16, 3)), 2 * (9 * 16 + 16 * 16));
  EXPECT_EQ(evaluated(primitives::sep_conv(16, 3)), 2 * (9 * 16 + 16 * 16 + 32));
  EXPECT_EQ(searched(primitives::sep_conv(16, 5)), 2 * (25 * 16 + 16 * 16));
  // Only the last pointwise convolution changes the number of channels.
  EXPECT_EQ(searched(primitives::sep_conv(32, 3, 2)), 9 * 16 + 16 * 16 + 9 * 16 + 16 * 32);
  EXPECT_EQ(evaluated(primitives::sep_conv(32, 3, 2)), 1056 + 2 * 16 + 2 * 32);
  EXPECT_EQ(primitives::sep_conv(32, 5, 2).output_shape(k16), (Shape{32, 16, 16}));
  EXPECT_EQ(primitives::sep_conv(16, 5).output_shape(k16), k16);
}

TEST(Primitives, DilConv) {
  EXPECT_EQ(searched(primitives::dil_conv(16, 3)), 9 * 16 + 16 * 16);
  EXPECT_EQ(evaluated(primitives::dil_conv(32, 5)), 25 * 16 + 16 * 32 + 64);
  EXPECT_EQ(primitives::dil_conv(16, 3).output_shape(k16), k16);
  EXPECT_EQ(primitives::dil_conv(16, 5).output_shape(k16), k16);
  EXPECT_EQ(primitives::dil_conv(16, 5, 2).output_shape(k16), (Shape{16, 16, 16}));
}

TEST(Primitives, FactorizedReduce) {
  EXPECT_EQ(searched(primitives::factorized_reduce(32)), 2 * 16 * 16);
  EXPECT_EQ(evaluated(primitives::factorized_reduce(32)), 2 * 16 * 16 + 64);
  EXPECT_EQ(primitives::factorized_reduce(32).output_shape(k16), (Shape{32, 16, 16}));
  EXPECT_EQ(primitives::factorized_reduce(32).output_shape(Shape{16, 7, 7}), (Shape{32, 4, 4}));
  EXPECT_THROW((void)primitives::factorized_reduce(33), Error);
  EXPECT_THROW((void)primitives::factorized_reduce(0), Error);
}

TEST(Primitives, PoolsLearnNothing) {
  for (const Primitive& pool : {primitives::max_pool(2), primitives::avg_pool(2),
                                primitives::max_pool(2, true), primitives::avg_pool(2, true)}) {
    EXPECT_EQ(evaluated(pool), 0) << pool.name();
    EXPECT_EQ(pool.output_shape(k16), (Shape{16, 16, 16})) << pool.name();
  }
  EXPECT_EQ(primitives::max_pool(1).nodes().size(), 1U);
  EXPECT_EQ(primitives::max_pool(1, true).nodes().back().layer, Layer(BatchNorm{Affine::never}));
}

TEST(Primitives, IdentityAndZero) {
  EXPECT_EQ(primitives::identity().output_shape(k16), k16);
  EXPECT_EQ(primitives::zero().output_shape(k16), k16);
  EXPECT_EQ(primitives::zero(2, 32).output_shape(k16), (Shape{32, 16, 16}));
  EXPECT_EQ(evaluated(primitives::zero()), 0);
}

TEST(Primitives, OfTheHierarchicalSpace) {
  EXPECT_EQ(searched(primitives::conv_bn_relu(32, 1)), 16 * 32);
  EXPECT_EQ(evaluated(primitives::conv_bn_relu(32, 1)), 16 * 32 + 64);
  EXPECT_EQ(searched(primitives::depthwise_conv_bn_relu(3)), 9 * 16);
  EXPECT_EQ(evaluated(primitives::depthwise_conv_bn_relu(3)), 9 * 16 + 32);
  const std::vector<Shape> inputs(4, k16);
  EXPECT_EQ(primitives::concat_project(32).output_shape(inputs), (Shape{32, 32, 32}));
  EXPECT_EQ(primitives::concat_project(32).parameters(inputs, Purpose::search), 64 * 32);
  EXPECT_EQ(primitives::concat_project(32).parameters(inputs, Purpose::evaluation), 64 * 32 + 64);
}

TEST(Primitives, SqueezeExcitation) {
  const Primitive block = primitives::squeeze_excitation(16, 4);
  EXPECT_EQ(block.output_shape(k16), k16);
  EXPECT_EQ(evaluated(block), 16 * 4 + 4 + 4 * 16 + 16);
  EXPECT_EQ(searched(block), evaluated(block));
  EXPECT_EQ(flops(block, k16), 33 * 33 * 16 + (16 * 4 + 4) + 4 + (4 * 16 + 16) + 16);
  EXPECT_EQ(block.multiply_adds({&k16, 1}), (16 * 4 + 4) + (4 * 16 + 16));
  EXPECT_EQ(evaluated(primitives::squeeze_excitation(16, 100)), 16 + 1 + 16 + 16) << "at least one channel";
  EXPECT_THROW((void)primitives::squeeze_excitation(32, 4).output_shape(k16), Error);
  EXPECT_THROW((void)primitives::squeeze_excitation(16, 0), Error);
  EXPECT_THROW((void)primitives::squeeze_excitation(0, 4), Error);
}

TEST(Primitives, OfTheMacroGraphAreAffineAlways) {
  EXPECT_EQ(searched(primitives::stem(16), {3, 32, 32}), 27 * 16 + 32);
  EXPECT_EQ(evaluated(primitives::stem(16), {3, 32, 32}), 27 * 16 + 32);
  EXPECT_EQ(flops(primitives::stem(16), {3, 32, 32}), 1024 * (27 * 16 + 2 * 16));
  EXPECT_EQ(searched(primitives::classifier(10, true), {64, 8, 8}), 128 + 650);
  EXPECT_EQ(searched(primitives::classifier(10), {64, 8, 8}), 650);
  EXPECT_EQ(primitives::classifier(10, true).output_shape(Shape{64, 8, 8}), (Shape{10, 1, 1}));
  EXPECT_EQ(flops(primitives::classifier(10, true), {64, 8, 8}), 3 * 4096 + 81 * 64 + 640);
}

TEST(Primitives, ResidualBlock) {
  const Primitive block = primitives::residual_block(32);
  EXPECT_EQ(block.output_shape(k16), (Shape{32, 16, 16}));
  constexpr std::int64_t kParameters = 9 * 16 * 32 + 64 + 9 * 32 * 32 + 64 + 16 * 32;
  EXPECT_EQ(searched(block), kParameters);
  EXPECT_EQ(evaluated(block), kParameters);
  constexpr std::int64_t kBranch =
      16 * 1024 + 256 * (9 * 16 * 32 + 2 * 32) + 256 * (32 + 9 * 32 * 32 + 2 * 32);
  constexpr std::int64_t kShortcut = 256 * (4 * 16 + 16 * 32);
  EXPECT_EQ(flops(block, k16), kBranch + kShortcut);
}

TEST(Primitives, AuxiliaryHead) {
  const Primitive head = primitives::auxiliary_head(10);
  const Shape in{.channels = 144, .height = 8, .width = 8};
  EXPECT_EQ(head.output_shape(in), (Shape{10, 1, 1}));
  EXPECT_EQ(evaluated(head, in), 144 * 128 + 2 * 128 + 4 * 128 * 768 + 2 * 768 + 768 * 10 + 10);
  EXPECT_THROW((void)head.output_shape(Shape{144, 7, 7}), Error);
}

}  // namespace
}  // namespace espalier
