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

/// The alphabet: every network of every search space is spelled with these layers, so that shape
/// inference, counts, the compiler and the exporters are written once. A layer is a value without
/// weights; the number of channels that enter is inferred, never stated.
namespace espalier {

/// When a batch norm learns a scale and a bias. Candidates use `evaluation`: during a search their
/// batch norms have none (Liu 2019), networks trained from scratch have both.
enum class Affine { never, evaluation, always };

/// `Conv2d::groups` for one group per channel that enters.
inline constexpr int kDepthwise = 0;
/// `Conv2d::out_channels` for as many as enter.
inline constexpr int kSameChannels = 0;

/// What enters, unchanged.
struct Identity {
  friend bool operator==(const Identity&, const Identity&) = default;
};
/// All zeros; with a stride, of the strided shape. `out_channels` where the edge changes them.
struct Zero {
  int stride = 1;
  int out_channels = kSameChannels;
  friend bool operator==(const Zero&, const Zero&) = default;
};
/// max(x, 0).
struct ReLU {
  friend bool operator==(const ReLU&, const ReLU&) = default;
};
/// A convolution kernel×kernel.
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
/// Normalises each channel: by the batch in training, by running statistics after it (Ioffe & Szegedy, 2015).
struct BatchNorm {
  Affine affine = Affine::always;
  friend bool operator==(const BatchNorm&, const BatchNorm&) = default;
};
/// The largest of what lies inside the image.
struct MaxPool {
  int kernel = 3;
  int stride = 1;
  int padding = 1;
  friend bool operator==(const MaxPool&, const MaxPool&) = default;
};
/// The mean of what lies inside the image: padding is not counted.
struct AvgPool {
  int kernel = 3;
  int stride = 1;
  int padding = 1;
  friend bool operator==(const AvgPool&, const AvgPool&) = default;
};
/// C×H×W → C×1×1.
struct GlobalAvgPool {
  friend bool operator==(const GlobalAvgPool&, const GlobalAvgPool&) = default;
};
/// C×H×W → out_features×1×1 over all elements.
struct Linear {
  int out_features = 1;
  bool bias = true;
  friend bool operator==(const Linear&, const Linear&) = default;
};
/// The channels of all that enters, one after another.
struct Concat {
  friend bool operator==(const Concat&, const Concat&) = default;
};
/// The sum of all that enters, all of one shape.
struct Sum {
  friend bool operator==(const Sum&, const Sum&) = default;
};
/// The sum of all that enters, each term weighted by the relaxation of an edge.
struct WeightedSum {
  friend bool operator==(const WeightedSum&, const WeightedSum&) = default;
};
/// Drops single numbers while a network trains (Srivastava et al., 2014).
struct Dropout {
  double probability = 0.5;
  friend bool operator==(const Dropout&, const Dropout&) = default;
};
/// Drops a whole path of one image (Larsson 2017).
struct DropPath {
  double probability = 0.0;
  friend bool operator==(const DropPath&, const DropPath&) = default;
};
/// Moves the image up and left by some pixels, zeros enter at the other side (the second branch of
/// FactorizedReduce).
struct Shift {
  int pixels = 1;
  friend bool operator==(const Shift&, const Shift&) = default;
};

/// A layer that a plugin brings: the same few functions as the alphabet's own.
class ESPALIER_EXPORT LayerDefinition {
 public:
  virtual ~LayerDefinition();
  virtual std::string_view kind() const = 0;
  virtual Shape output_shape(std::span<const Shape> inputs) const = 0;
  virtual std::int64_t parameters(std::span<const Shape> inputs, Purpose purpose) const = 0;
  virtual std::int64_t flops(std::span<const Shape> inputs) const = 0;
  virtual std::string describe() const = 0;

  /// What errors call it: its kind, and the file that its class is in.
  std::string origin() const;
};
/// A layer outside the alphabet. Two are equal where they share their definition.
struct CustomLayer {
  std::shared_ptr<const LayerDefinition> definition;
  friend bool operator==(const CustomLayer&, const CustomLayer&) = default;
};

/// One letter of the alphabet.
class ESPALIER_EXPORT Layer {
 public:
  using Variant = std::variant<Identity, Zero, ReLU, Conv2d, BatchNorm, MaxPool, AvgPool, GlobalAvgPool,
                               Linear, Concat, Sum, WeightedSum, Dropout, DropPath, Shift, CustomLayer>;

  template <class T>
  Layer(T value)  // NOLINT(google-explicit-constructor): a layer is written as its attributes
      : value_(std::move(value)) {}

  /// "conv2d", "batch_norm", …
  std::string_view kind() const;
  /// The kind and its attributes, "conv2d 3x3 → 16, stride 2".
  std::string describe() const;

  /// The shape that leaves. Throws Error when the shapes that enter do not fit.
  Shape output_shape(std::span<const Shape> inputs) const;
  /// Learnable numbers (running statistics are none).
  std::int64_t parameters(std::span<const Shape> inputs, Purpose purpose) const;
  /// Floating point operations for one image as NAS-Bench-Suite-Zero counts them: multiply-adds of
  /// convolution and linear, batch norm 2 an element, ReLU 1, pools their window for each element that
  /// leaves; sums and concatenations none (see layer_counts.cc).
  std::int64_t flops(std::span<const Shape> inputs) const;

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
