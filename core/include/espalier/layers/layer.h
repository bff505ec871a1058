#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "espalier/layers/purpose.h"
#include "espalier/layers/shape.h"
#include "espalier/plugin/export.h"

/// The alphabet: every network of every search space consists of these layers, so that shape inference,
/// counts, the compiler and the exporters are written once. A layer is a value without weights. Its number of
/// input channels is inferred, never stated.
namespace espalier {

/// When a batch norm learns a scale and a bias. Candidates use `evaluation`: their batch norms have both in
/// networks that are trained from scratch, and neither during a search (Liu et al., 2019).
enum class Affine { never, evaluation, always };

/// `Conv2d::groups` for one group per input channel.
inline constexpr int kDepthwise = 0;
/// `out_channels` for as many output channels as input channels.
inline constexpr int kSameChannels = 0;

/// The input, unchanged.
struct Identity {
  friend bool operator==(const Identity&, const Identity&) = default;
};
/// All zeros. The stride divides the height and width, rounded up.
struct Zero {
  int stride = 1;
  int out_channels = kSameChannels;
  friend bool operator==(const Zero&, const Zero&) = default;
};
/// max(x, 0).
struct ReLU {
  friend bool operator==(const ReLU&, const ReLU&) = default;
};
/// The functions that an Activation can apply; ReLU is a layer of its own.
enum class ActivationFunction {
  sigmoid,       ///< 1 / (1 + exp(−x))
  hard_sigmoid,  ///< min(max(x/6 + 1/2, 0), 1)
  tanh,          ///< tanh(x)
  silu,          ///< x·sigmoid(x), also known as swish
  hard_swish,    ///< x·hard_sigmoid(x)
  gelu,        ///< x·Φ(x), Φ being the distribution function of the normal distribution, not approximated
  leaky_relu,  ///< x, or 0.01·x where x is negative
  elu,         ///< x, or exp(x) − 1 where x is negative
  relu6,       ///< min(max(x, 0), 6)
};
/// Applies a function to each element. The kind of the layer is the name of the function.
struct Activation {
  ActivationFunction function = ActivationFunction::silu;
  friend bool operator==(const Activation&, const Activation&) = default;
};
/// A kernel×kernel convolution; all lengths are in pixels.
struct Conv2d {
  int out_channels = kSameChannels;
  int kernel = 1;
  int stride = 1;
  int padding = 0;
  int dilation = 1;
  int groups = 1;
  bool bias = false;
  friend bool operator==(const Conv2d&, const Conv2d&) = default;
};
/// Normalizes each channel by the statistics of the batch in training, and by running statistics in inference
/// (Ioffe & Szegedy, 2015).
struct BatchNorm {
  Affine affine = Affine::always;
  friend bool operator==(const BatchNorm&, const BatchNorm&) = default;
};
/// Normalizes each pixel by the mean and the variance of its channels, in training and in inference alike,
/// and always learns a scale and a bias for each channel (Ba et al., 2016). This is the norm of ConvNeXt, and
/// of vision transformers whose tokens are the pixels. As in both, 10⁻⁶ is added to the variance.
struct LayerNorm {
  friend bool operator==(const LayerNorm&, const LayerNorm&) = default;
};
/// The maximum of each window; padding does not count.
struct MaxPool {
  int kernel = 3;
  int stride = 1;
  int padding = 1;
  friend bool operator==(const MaxPool&, const MaxPool&) = default;
};
/// The mean of each window; padding does not count.
struct AvgPool {
  int kernel = 3;
  int stride = 1;
  int padding = 1;
  friend bool operator==(const AvgPool&, const AvgPool&) = default;
};
/// The mean of each channel: C×H×W → C×1×1.
struct GlobalAvgPool {
  friend bool operator==(const GlobalAvgPool&, const GlobalAvgPool&) = default;
};
/// A linear map of all elements: C×H×W → out_features×1×1.
struct Linear {
  int out_features = 1;
  bool bias = true;
  friend bool operator==(const Linear&, const Linear&) = default;
};
/// The channels of all inputs, one after another.
struct Concat {
  friend bool operator==(const Concat&, const Concat&) = default;
};
/// The channels [begin, begin + channels) of the input.
struct Slice {
  int begin = 0;
  int channels = 1;
  friend bool operator==(const Slice&, const Slice&) = default;
};
/// Deals the channels of the input out anew (Zhang et al., 2018): they are `groups` groups of C/groups, and
/// the output has the first channel of each group, then the second of each, and so on, as in
/// torch::nn::ChannelShuffle.
struct ChannelShuffle {
  int groups = 1;
  friend bool operator==(const ChannelShuffle&, const ChannelShuffle&) = default;
};
/// The product of two or more inputs, element by element. They have the shape of the first input, or its
/// channels and a height and width of 1: such an input scales whole channels (squeeze and excitation).
struct Multiply {
  friend bool operator==(const Multiply&, const Multiply&) = default;
};
/// The sum of all inputs, which have one shape.
struct Sum {
  friend bool operator==(const Sum&, const Sum&) = default;
};
/// The sum of all inputs, which have one shape, weighted by the relaxation of an edge.
struct WeightedSum {
  friend bool operator==(const WeightedSum&, const WeightedSum&) = default;
};
/// In training, sets single numbers to zero and scales the others up (Srivastava et al., 2014).
struct Dropout {
  double probability = 0.5;
  friend bool operator==(const Dropout&, const Dropout&) = default;
};
/// In training, sets the inputs of single images to zero as a whole and scales those of the others up
/// (Larsson et al., 2017).
struct DropPath {
  double probability = 0.0;
  friend bool operator==(const DropPath&, const DropPath&) = default;
};
/// Moves the image up and left by some pixels and fills the other side with zeros (the second branch of
/// primitives::factorized_reduce()).
struct Shift {
  int pixels = 1;
  friend bool operator==(const Shift&, const Shift&) = default;
};

/// A layer that a plugin adds to the alphabet. `inputs` are the shapes of the inputs, in order.
class ESPALIER_EXPORT LayerDefinition {
 public:
  virtual ~LayerDefinition();
  /// [any-thread] The name of this kind of layer: letters, digits and '_'. Layers of two plugins may have the
  /// same name; errors also name the file.
  virtual std::string_view kind() const = 0;
  /// [any-thread] Throws Error when the layer does not fit the inputs.
  virtual Shape output_shape(std::span<const Shape> inputs) const = 0;
  /// [any-thread] The number of learnable values, without running statistics.
  virtual std::int64_t parameters(std::span<const Shape> inputs, Purpose purpose) const = 0;
  /// [any-thread] The floating point operations for one image, counted as Layer::flops() does.
  virtual std::int64_t flops(std::span<const Shape> inputs) const = 0;
  /// [any-thread] The multiply-adds for one image, counted as Layer::multiply_adds() does. Unless a layer
  /// overrides it, this is flops(): right for a layer of products alone, and never too small for any other,
  /// so that a bound on the multiply-adds holds.
  virtual std::int64_t multiply_adds(std::span<const Shape> inputs) const;
  /// [any-thread] The kind and its attributes as a line of text.
  virtual std::string describe() const = 0;

  /// [any-thread] How errors name the layer: its kind, and the file that its class comes from.
  std::string origin() const;
};
/// A layer that a plugin defines. Two are equal when they share their definition.
struct CustomLayer {
  std::shared_ptr<const LayerDefinition> definition;
  friend bool operator==(const CustomLayer&, const CustomLayer&) = default;
};

/// One layer. An immutable value; all functions are [any-thread].
class ESPALIER_EXPORT Layer {
 public:
  using Variant = std::variant<Identity, Zero, ReLU, Activation, Conv2d, BatchNorm, LayerNorm, MaxPool,
                               AvgPool, GlobalAvgPool, Linear, Concat, Slice, ChannelShuffle, Multiply, Sum,
                               WeightedSum, Dropout, DropPath, Shift, CustomLayer>;

  template <class T>
  Layer(T value)  // NOLINT(google-explicit-constructor): Conv2d{.kernel = 3} is a layer
      : value_(std::move(value)) {}

  /// "conv2d", "batch_norm", …
  std::string_view kind() const;
  /// The kind and its attributes: "conv2d 3x3 → 16, stride 2".
  std::string describe() const;

  /// The shape of the output. Throws Error, as the counts below do, when the layer does not fit the inputs.
  Shape output_shape(std::span<const Shape> inputs) const;
  /// The number of learnable values, without running statistics.
  std::int64_t parameters(std::span<const Shape> inputs, Purpose purpose) const;
  /// The floating point operations for one image, as NAS-Bench-Suite-Zero (Krishnakumar et al., 2022) counts
  /// them: one for each multiply-add of a convolution or linear layer, two for each element of a batch or
  /// layer norm, one for each element of a ReLU or another activation, the size of the window for each output
  /// element of a pool, and none for sums, products, concatenations, slices and shuffles. layer_counts.cc
  /// has the details.
  std::int64_t flops(std::span<const Shape> inputs) const;
  /// The multiply-adds for one image, as NAS-Bench-201 (Dong & Yang, 2020) publishes them under the name of
  /// FLOPs: one for each multiply-add of a convolution or linear layer, one for each output element of either
  /// if there is a bias, and none for all other layers, pools and batch norms included.
  std::int64_t multiply_adds(std::span<const Shape> inputs) const;

  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&value_);
  }
  const Variant& value() const { return value_; }

  friend bool operator==(const Layer&, const Layer&) = default;

 private:
  Variant value_;
};

}  // namespace espalier
