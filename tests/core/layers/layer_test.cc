#include "espalier/layers/layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Shape leaving(const Layer& layer, std::vector<Shape> inputs) { return layer.output_shape(inputs); }
std::int64_t flops(const Layer& layer, std::vector<Shape> inputs) { return layer.flops(inputs); }
std::int64_t multiply_adds(const Layer& layer, std::vector<Shape> inputs) {
  return layer.multiply_adds(inputs);
}
std::int64_t parameters(const Layer& layer, std::vector<Shape> inputs,
                        Purpose purpose = Purpose::evaluation) {
  return layer.parameters(inputs, purpose);
}

std::string refusal(const Layer& layer, std::vector<Shape> inputs) {
  try {
    (void)layer.output_shape(inputs);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

constexpr Shape kEntering{16, 32, 31};

/// All functions of an activation, and the names of their layers.
const std::vector<std::pair<ActivationFunction, std::string>> kActivations = {
    {ActivationFunction::sigmoid, "sigmoid"},
    {ActivationFunction::hard_sigmoid, "hard_sigmoid"},
    {ActivationFunction::tanh, "tanh"},
    {ActivationFunction::silu, "silu"},
    {ActivationFunction::hard_swish, "hard_swish"},
    {ActivationFunction::gelu, "gelu"},
    {ActivationFunction::leaky_relu, "leaky_relu"},
    {ActivationFunction::elu, "elu"},
    {ActivationFunction::relu6, "relu6"}};

TEST(Shape, IsWrittenChannelsFirst) {
  EXPECT_EQ(to_string(Shape{16, 32, 31}), "16×32×31");
  EXPECT_EQ((Shape{3, 4, 5}.elements()), 60);
}

TEST(LayerShape, StaysForLayersThatWorkElementByElement) {
  for (const Layer& layer :
       std::vector<Layer>{Identity{}, ReLU{}, Activation{}, BatchNorm{}, LayerNorm{}, Dropout{0.2},
                          DropPath{0.1}, Shift{1}, Zero{}, Sum{}, WeightedSum{}, Concat{}, ChannelShuffle{4}})
    EXPECT_EQ(leaving(layer, {kEntering}), kEntering) << layer.kind();
}

TEST(LayerShape, OfWindowsRoundsDown) {
  EXPECT_EQ(leaving(Conv2d{.out_channels = 8, .kernel = 3, .padding = 1}, {kEntering}), (Shape{8, 32, 31}));
  EXPECT_EQ(leaving(Conv2d{.out_channels = 8, .kernel = 3, .stride = 2, .padding = 1}, {kEntering}),
            (Shape{8, 16, 16}));
  EXPECT_EQ(leaving(Conv2d{.kernel = 3, .padding = 0, .dilation = 2}, {kEntering}), (Shape{16, 28, 27}));
  EXPECT_EQ(leaving(MaxPool{.kernel = 3, .stride = 2, .padding = 1}, {kEntering}), (Shape{16, 16, 16}));
  EXPECT_EQ(leaving(AvgPool{.kernel = 2, .stride = 2, .padding = 0}, {kEntering}), (Shape{16, 16, 15}));
  EXPECT_EQ(leaving(Conv2d{.kernel = 3}, {Shape{1, 3, 3}}), (Shape{1, 1, 1}));
}

TEST(LayerShape, OfStridedZeroIsThatOfAConvolution) {
  for (int size = 1; size < 9; ++size)
    for (int stride = 1; stride < 5; ++stride) {
      const Shape image{4, size, size};
      EXPECT_EQ(leaving(Zero{.stride = stride, .out_channels = 6}, {image}),
                leaving(Conv2d{.out_channels = 6, .kernel = 3, .stride = stride, .padding = 1}, {image}));
    }
}

TEST(LayerShape, OfPoolingAndClassifier) {
  EXPECT_EQ(leaving(GlobalAvgPool{}, {kEntering}), (Shape{16, 1, 1}));
  EXPECT_EQ(leaving(Linear{.out_features = 10}, {kEntering}), (Shape{10, 1, 1}));
}

TEST(LayerShape, OfSeveralInputs) {
  EXPECT_EQ(leaving(Concat{}, {{2, 4, 4}, {3, 4, 4}, {2, 4, 4}}), (Shape{7, 4, 4}));
  EXPECT_EQ(leaving(Sum{}, {{2, 4, 4}, {2, 4, 4}}), (Shape{2, 4, 4}));
}

TEST(LayerShape, OfASliceHasItsChannels) {
  EXPECT_EQ(leaving(Slice{.begin = 4, .channels = 8}, {kEntering}), (Shape{8, 32, 31}));
  EXPECT_EQ(leaving(Slice{.channels = 16}, {kEntering}), kEntering);
  EXPECT_EQ(leaving(Slice{.begin = 15}, {kEntering}), (Shape{1, 32, 31}));
}

TEST(LayerShape, OfAProductIsThatOfTheFirstFactor) {
  const Shape scale{16, 1, 1};
  EXPECT_EQ(leaving(Multiply{}, {kEntering, kEntering}), kEntering);
  EXPECT_EQ(leaving(Multiply{}, {kEntering, scale}), kEntering);
  EXPECT_EQ(leaving(Multiply{}, {kEntering, scale, kEntering, scale}), kEntering);
  EXPECT_EQ(leaving(Multiply{}, {scale, scale}), scale);
}

TEST(LayerShape, RefusalsNameTheLayerAndTheShapes) {
  EXPECT_THAT(refusal(Sum{}, {{2, 4, 4}, {3, 4, 4}}),
              AllOf(HasSubstr("'sum'"), HasSubstr("2×4×4, 3×4×4"), HasSubstr("one shape")));
  EXPECT_THAT(refusal(WeightedSum{}, {{2, 4, 4}, {2, 4, 5}}), HasSubstr("2×4×4, 2×4×5"));
  EXPECT_THAT(refusal(Concat{}, {{2, 4, 4}, {2, 4, 5}}), HasSubstr("one size"));
  EXPECT_THAT(refusal(Conv2d{.out_channels = 8, .groups = 3}, {{6, 4, 4}}),
              HasSubstr("3 groups that divide"));
  EXPECT_THAT(refusal(Conv2d{.out_channels = 8, .groups = kDepthwise}, {{6, 4, 4}}), HasSubstr("6 groups"));
  EXPECT_THAT(
      refusal(Conv2d{.out_channels = 8, .kernel = 7, .padding = 1}, {{6, 4, 4}}),
      AllOf(HasSubstr("conv2d 7x7 → 8, padding 1"), HasSubstr("6×4×4"), HasSubstr("at least 5 pixels")));
  EXPECT_THAT(refusal(MaxPool{.kernel = 3, .padding = 2}, {{6, 4, 4}}), HasSubstr("half the kernel"));
  EXPECT_THAT(refusal(Slice{.begin = 4, .channels = 3}, {{6, 4, 4}}),
              AllOf(HasSubstr("'slice [4, 7)'"), HasSubstr("6×4×4"), HasSubstr("at least 7 channels")));
  EXPECT_THAT(refusal(ChannelShuffle{4}, {{6, 4, 4}}),
              AllOf(HasSubstr("'channel_shuffle 4'"), HasSubstr("6×4×4"), HasSubstr("that 4 divides")));
  EXPECT_THAT(refusal(Multiply{}, {{2, 4, 4}, {2, 4, 1}}),
              AllOf(HasSubstr("'multiply'"), HasSubstr("2×4×4, 2×4×1"),
                    HasSubstr("the first one's shape, or of 2×1×1")));
  EXPECT_THAT(refusal(Multiply{}, {{2, 1, 1}, {2, 4, 4}}), HasSubstr("the first one's shape"));
  EXPECT_THAT(refusal(Multiply{}, {{2, 4, 4}, {1, 1, 1}}), HasSubstr("the first one's shape"));
}

TEST(LayerShape, RefusesWrongNumbersAndEmptyTensors) {
  EXPECT_THAT(refusal(ReLU{}, {}), AllOf(HasSubstr("nothing"), HasSubstr("one tensor")));
  EXPECT_THAT(refusal(Linear{}, {{1, 1, 1}, {1, 1, 1}}), HasSubstr("one tensor"));
  EXPECT_THAT(refusal(Sum{}, {}), HasSubstr("at least one tensor"));
  EXPECT_THAT(refusal(Concat{}, {}), HasSubstr("at least one tensor"));
  EXPECT_THAT(refusal(Identity{}, {{0, 1, 1}}), HasSubstr("not empty"));
  EXPECT_THAT(refusal(Multiply{}, {}), HasSubstr("two or more tensors"));
  EXPECT_THAT(refusal(Multiply{}, {kEntering}), HasSubstr("two or more tensors"));
  EXPECT_THAT(refusal(Multiply{}, {{0, 1, 1}, {0, 1, 1}}), HasSubstr("not empty"));
  for (const Layer& layer : std::vector<Layer>{Activation{}, LayerNorm{}, Slice{}, ChannelShuffle{}})
    EXPECT_THAT(refusal(layer, {kEntering, kEntering}), HasSubstr("one tensor")) << layer.kind();
}

TEST(LayerShape, RefusesAttributesThatMakeNoSense) {
  constexpr int kHuge = std::numeric_limits<int>::max();
  EXPECT_THAT(refusal(Conv2d{.kernel = 0}, {kEntering}), HasSubstr("at least 1"));
  EXPECT_THAT(refusal(Conv2d{.stride = 0}, {kEntering}), HasSubstr("at least 1"));
  EXPECT_THAT(refusal(Conv2d{.padding = -1}, {kEntering}), HasSubstr("padding"));
  EXPECT_THAT(refusal(Conv2d{.padding = kHuge}, {kEntering}), HasSubstr("less padding"));
  EXPECT_THAT(refusal(Conv2d{.kernel = kHuge, .dilation = kHuge}, {kEntering}), HasSubstr("pixels"));
  EXPECT_THAT(refusal(Conv2d{.dilation = 0}, {kEntering}), HasSubstr("dilation"));
  EXPECT_THAT(refusal(Conv2d{.out_channels = -1}, {kEntering}), HasSubstr("channels"));
  EXPECT_THAT(refusal(Conv2d{.groups = -1}, {kEntering}), HasSubstr("groups"));
  EXPECT_THAT(refusal(Zero{.stride = 0}, {kEntering}), HasSubstr("stride"));
  EXPECT_THAT(refusal(Linear{.out_features = 0}, {kEntering}), HasSubstr("output"));
  EXPECT_THAT(refusal(Dropout{1.0}, {kEntering}), HasSubstr("probability"));
  EXPECT_THAT(refusal(Shift{-1}, {kEntering}), HasSubstr("negative"));
  EXPECT_THAT(refusal(Slice{.begin = -1}, {kEntering}), HasSubstr("from 0 on"));
  EXPECT_THAT(refusal(ChannelShuffle{0}, {kEntering}), HasSubstr("at least one group"));
  EXPECT_THAT(refusal(ChannelShuffle{-4}, {kEntering}), HasSubstr("at least one group"));
  EXPECT_THAT(refusal(Slice{.channels = 0}, {kEntering}), HasSubstr("at least one channel"));
  EXPECT_THAT(refusal(Slice{.begin = kHuge, .channels = kHuge}, {kEntering}),
              HasSubstr("at least 4294967294 channels"));
  EXPECT_THAT(refusal(Concat{}, {{kHuge, 1, 1}, {kHuge, 1, 1}}), HasSubstr("fewer channels"));
  EXPECT_THAT(refusal(CustomLayer{}, {kEntering}), HasSubstr("definition"));
}

TEST(LayerCounts, OfConvolutions) {
  const Shape image{16, 8, 8};
  EXPECT_EQ(parameters(Conv2d{.out_channels = 32, .kernel = 3, .padding = 1}, {image}), 16 * 32 * 9);
  EXPECT_EQ(parameters(Conv2d{.out_channels = 32, .kernel = 3, .bias = true}, {image}), 16 * 32 * 9 + 32);
  EXPECT_EQ(parameters(Conv2d{.kernel = 5, .groups = kDepthwise}, {image}), 16 * 25);
  EXPECT_EQ(parameters(Conv2d{.out_channels = 8, .groups = 4}, {image}), 4 * 8);
  EXPECT_EQ(flops(Conv2d{.out_channels = 32, .kernel = 3, .stride = 2, .padding = 1}, {image}),
            16 * 32 * 9 * 4 * 4);
  EXPECT_EQ(flops(Conv2d{.kernel = 3, .padding = 1, .groups = kDepthwise}, {image}), 16 * 9 * 64);
  EXPECT_EQ(flops(Conv2d{.out_channels = 2, .bias = true}, {image}), 2 * 16 * 64 + 2 * 64);
}

TEST(LayerCounts, OfBatchNormDependOnAffineAndPurpose) {
  const auto count = [](Affine affine, Purpose purpose) {
    return parameters(BatchNorm{affine}, {kEntering}, purpose);
  };
  EXPECT_EQ(count(Affine::always, Purpose::search), 32);
  EXPECT_EQ(count(Affine::always, Purpose::evaluation), 32);
  EXPECT_EQ(count(Affine::evaluation, Purpose::search), 0);
  EXPECT_EQ(count(Affine::evaluation, Purpose::evaluation), 32);
  EXPECT_EQ(count(Affine::never, Purpose::evaluation), 0);
  EXPECT_EQ(flops(BatchNorm{}, {kEntering}), 2 * 16 * 32 * 31);
  EXPECT_EQ(flops(BatchNorm{Affine::never}, {kEntering}), 16 * 32 * 31);
}

TEST(LayerCounts, OfLayerNormDoNotDependOnThePurpose) {
  EXPECT_EQ(parameters(LayerNorm{}, {kEntering}, Purpose::search), 32);
  EXPECT_EQ(parameters(LayerNorm{}, {kEntering}, Purpose::evaluation), 32);
  EXPECT_EQ(flops(LayerNorm{}, {kEntering}), 2 * 16 * 32 * 31);
}

TEST(LayerCounts, OfActivationsAreThoseOfReLU) {
  for (const auto& [function, name] : kActivations) {
    EXPECT_EQ(flops(Activation{function}, {kEntering}), flops(ReLU{}, {kEntering})) << name;
    EXPECT_EQ(parameters(Activation{function}, {kEntering}), 0) << name;
    EXPECT_EQ(multiply_adds(Activation{function}, {kEntering}), 0) << name;
  }
}

TEST(LayerCounts, OfSlicesShufflesAndProductsAreZero) {
  for (const Layer& layer : std::vector<Layer>{Slice{.begin = 4, .channels = 8}, ChannelShuffle{4}})
    EXPECT_EQ(parameters(layer, {kEntering}) + flops(layer, {kEntering}) + multiply_adds(layer, {kEntering}),
              0)
        << layer.kind();
  const std::vector<Shape> factors = {kEntering, kEntering, {16, 1, 1}};
  EXPECT_EQ(parameters(Multiply{}, factors) + flops(Multiply{}, factors) + multiply_adds(Multiply{}, factors),
            0);
}

TEST(LayerCounts, OfTheRest) {
  EXPECT_EQ(parameters(Linear{.out_features = 10}, {{64, 1, 1}}), 650);
  EXPECT_EQ(parameters(Linear{.out_features = 10, .bias = false}, {{4, 2, 2}}), 160);
  EXPECT_EQ(flops(Linear{.out_features = 10}, {{64, 1, 1}}), 640);
  EXPECT_EQ(flops(ReLU{}, {{2, 3, 4}}), 24);
  EXPECT_EQ(flops(AvgPool{}, {{2, 4, 4}}), 32 * 9);
  EXPECT_EQ(flops(MaxPool{.kernel = 2, .stride = 2, .padding = 0}, {{2, 4, 4}}), 8 * 4);
  EXPECT_EQ(flops(GlobalAvgPool{}, {{64, 8, 8}}), 64 * 81);
  for (const Layer& layer : std::vector<Layer>{Identity{}, Zero{}, Sum{}, WeightedSum{}, Concat{}, Dropout{},
                                               DropPath{}, Shift{}}) {
    EXPECT_EQ(flops(layer, {kEntering}), 0) << layer.kind();
    EXPECT_EQ(parameters(layer, {kEntering}), 0) << layer.kind();
  }
}

TEST(LayerCounts, MultiplyAddsAreThoseOfConvolutionsAndLinearLayers) {
  const Shape image{16, 8, 8};
  EXPECT_EQ(multiply_adds(Conv2d{.out_channels = 32, .kernel = 3, .stride = 2, .padding = 1}, {image}),
            16 * 32 * 9 * 4 * 4);
  EXPECT_EQ(multiply_adds(Conv2d{.kernel = 3, .padding = 1, .groups = kDepthwise}, {image}), 16 * 9 * 64);
  EXPECT_EQ(multiply_adds(Conv2d{.out_channels = 8, .groups = 4}, {image}), 4 * 8 * 64);
  EXPECT_EQ(multiply_adds(Conv2d{.out_channels = 2, .bias = true}, {image}), 2 * 16 * 64 + 2 * 64);
  EXPECT_EQ(multiply_adds(Linear{.out_features = 10}, {{64, 1, 1}}), 650);
  EXPECT_EQ(multiply_adds(Linear{.out_features = 10, .bias = false}, {{4, 2, 2}}), 160);
  for (const Layer& layer : std::vector<Layer>{
           Identity{}, Zero{}, ReLU{}, BatchNorm{}, BatchNorm{Affine::never}, LayerNorm{}, MaxPool{},
           AvgPool{}, GlobalAvgPool{}, Sum{}, WeightedSum{}, Concat{}, Dropout{}, DropPath{}, Shift{}})
    EXPECT_EQ(multiply_adds(layer, {kEntering}), 0) << layer.kind();
}

TEST(LayerCounts, RefuseWhatShapeInferenceRefuses) {
  EXPECT_THROW((void)flops(Sum{}, {}), Error);
  EXPECT_THROW((void)multiply_adds(Sum{}, {}), Error);
  EXPECT_THROW((void)parameters(Conv2d{.kernel = 9}, {{1, 4, 4}}), Error);
}

TEST(LayerText, SaysWhatIsUnusual) {
  EXPECT_EQ(Layer(Conv2d{.out_channels = 16, .kernel = 3, .stride = 2, .padding = 1}).describe(),
            "conv2d 3x3 → 16, stride 2");
  EXPECT_EQ(Layer(Conv2d{.kernel = 5, .padding = 4, .dilation = 2, .groups = kDepthwise}).describe(),
            "conv2d 5x5, dilation 2, depthwise");
  EXPECT_EQ(Layer(Conv2d{.out_channels = 8, .groups = 4, .bias = true}).describe(),
            "conv2d 1x1 → 8, groups 4, bias");
  EXPECT_EQ(Layer(AvgPool{.kernel = 3, .stride = 1, .padding = 0}).describe(), "avg_pool 3x3, padding 0");
  EXPECT_EQ(Layer(BatchNorm{Affine::never}).describe(), "batch_norm, not affine");
  EXPECT_EQ(Layer(BatchNorm{Affine::evaluation}).describe(), "batch_norm, affine in evaluation");
  EXPECT_EQ(Layer(Zero{.stride = 2}).describe(), "zero, stride 2");
  EXPECT_EQ(Layer(Linear{.out_features = 10}).describe(), "linear → 10");
  EXPECT_EQ(Layer(ReLU{}).describe(), "relu");
  EXPECT_EQ(Layer(GlobalAvgPool{}).kind(), "global_avg_pool");
  EXPECT_EQ(Layer(LayerNorm{}).describe(), "layer_norm");
  EXPECT_EQ(Layer(Multiply{}).describe(), "multiply");
  EXPECT_EQ(Layer(Slice{.begin = 4, .channels = 8}).describe(), "slice [4, 12)");
  EXPECT_EQ(Layer(Slice{}).kind(), "slice");
  EXPECT_EQ(Layer(ChannelShuffle{4}).describe(), "channel_shuffle 4");
  for (const auto& [function, name] : kActivations) {
    EXPECT_EQ(Layer(Activation{function}).kind(), name);
    EXPECT_EQ(Layer(Activation{function}).describe(), name);
  }
}

TEST(Layer, IsAValue) {
  const Layer layer = Conv2d{.out_channels = 4};
  const Layer copy = layer;  // NOLINT(performance-unnecessary-copy-initialization): the copy is the test
  EXPECT_EQ(copy, layer);
  EXPECT_NE(layer, Layer(Conv2d{.out_channels = 5}));
  EXPECT_NE(layer, Layer(ReLU{}));
  EXPECT_NE(Layer(Activation{ActivationFunction::silu}), Layer(Activation{ActivationFunction::gelu}));
  ASSERT_NE(layer.get_if<Conv2d>(), nullptr);
  EXPECT_EQ(layer.get_if<Conv2d>()->out_channels, 4);
  EXPECT_EQ(layer.get_if<ReLU>(), nullptr);
}

/// y = scale·x with one scale for each channel.
class Scale : public LayerDefinition {
 public:
  std::string_view kind() const override { return "scale"; }
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs.front(); }
  std::int64_t parameters(std::span<const Shape> inputs, Purpose) const override {
    return inputs.front().channels;
  }
  std::int64_t flops(std::span<const Shape> inputs) const override { return inputs.front().elements(); }
  std::string describe() const override { return "scale by channel"; }
};

/// A layer that says which of its operations are multiply-adds.
class Sparing final : public Scale {
 public:
  std::int64_t multiply_adds(std::span<const Shape>) const override { return 7; }
};

TEST(Layer, OfAPluginCountsLikeTheAlphabet) {
  const Layer layer = CustomLayer{std::make_shared<Scale>()};
  EXPECT_EQ(layer.kind(), "scale");
  EXPECT_EQ(layer.describe(), "scale by channel");
  EXPECT_EQ(leaving(layer, {kEntering}), kEntering);
  EXPECT_EQ(parameters(layer, {kEntering}), 16);
  EXPECT_EQ(flops(layer, {kEntering}), kEntering.elements());
  EXPECT_EQ(multiply_adds(layer, {kEntering}), kEntering.elements());
  EXPECT_EQ(multiply_adds(CustomLayer{std::make_shared<Sparing>()}, {kEntering}), 7);
}

/// Throws something other than an Error.
class Careless final : public LayerDefinition {
 public:
  std::string_view kind() const override { return "careless"; }
  Shape output_shape(std::span<const Shape> inputs) const override {
    if (inputs.size() > 1) throw std::length_error("too many");
    return inputs.front();
  }
  std::int64_t parameters(std::span<const Shape>, Purpose) const override {
    throw std::length_error("unknown");
  }
  std::int64_t flops(std::span<const Shape>) const override { throw 42; }
  std::string describe() const override { return "careless"; }
};

TEST(Layer, OfAPluginIsNamedInWhatItThrows) {
  const Layer layer = CustomLayer{std::make_shared<Careless>()};
  EXPECT_THAT(refusal(layer, {kEntering, kEntering}),
              AllOf(HasSubstr("layer 'careless' ("), HasSubstr("output_shape() failed: too many")));
  EXPECT_THROW(parameters(layer, {kEntering}), PluginFailure);
  EXPECT_THROW(flops(layer, {kEntering}), PluginFailure);
  EXPECT_THROW(multiply_adds(layer, {kEntering}), PluginFailure);
}

}  // namespace
}  // namespace espalier
