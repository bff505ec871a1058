#include <fmt/format.h>

#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/layers/layer.h"
#include "layers/layer_call.h"

namespace espalier {
namespace {

std::string list(std::span<const Shape> shapes) {
  if (shapes.empty()) return "nothing";
  std::string text;
  for (const Shape& shape : shapes) text += (text.empty() ? "" : ", ") + to_string(shape);
  return text;
}

class ShapeInference {
 public:
  ShapeInference(const Layer& layer, std::span<const Shape> inputs) : layer_(layer), inputs_(inputs) {}

  Shape operator()(const Zero& zero) const {
    Shape shape = input();
    require(zero.stride >= 1, "a stride of at least 1");
    require(zero.out_channels >= 0, "a positive number of channels");
    if (zero.out_channels != kSameChannels) shape.channels = zero.out_channels;
    shape.height = (shape.height - 1) / zero.stride + 1;
    shape.width = (shape.width - 1) / zero.stride + 1;
    return shape;
  }

  Shape operator()(const Conv2d& conv) const {
    const Shape shape = input();
    require(conv.out_channels >= 0 && conv.groups >= 0, "a positive number of channels and groups");
    require(conv.dilation >= 1, "a dilation of at least 1");
    const int channels = conv.out_channels == kSameChannels ? shape.channels : conv.out_channels;
    const int groups = conv.groups == kDepthwise ? shape.channels : conv.groups;
    require(shape.channels % groups == 0 && channels % groups == 0, [&] {
      return fmt::format("{} groups that divide the {} channels that enter and the {} that leave", groups,
                         shape.channels, channels);
    });
    return windowed(conv, conv.dilation, channels);
  }

  Shape operator()(const MaxPool& pool) const { return pooled(pool); }
  Shape operator()(const AvgPool& pool) const { return pooled(pool); }
  Shape operator()(const GlobalAvgPool&) const { return {input().channels, 1, 1}; }

  Shape operator()(const Linear& linear) const {
    (void)input();
    require(linear.out_features >= 1, "at least one output");
    return {linear.out_features, 1, 1};
  }

  Shape operator()(const Concat&) const {
    Shape shape = first();
    std::int64_t channels = 0;
    for (const Shape& other : inputs_) {
      require(other.height == shape.height && other.width == shape.width, "images of one size");
      channels += other.channels;
    }
    require(channels <= std::numeric_limits<int>::max(), "fewer channels");
    shape.channels = static_cast<int>(channels);
    return shape;
  }

  Shape operator()(const Slice& slice) const {
    Shape shape = input();
    require(slice.begin >= 0 && slice.channels >= 1, "a range of at least one channel, from 0 on");
    const std::int64_t end = std::int64_t{slice.begin} + slice.channels;
    require(end <= shape.channels, [&] { return fmt::format("at least {} channels", end); });
    shape.channels = slice.channels;
    return shape;
  }

  Shape operator()(const ChannelShuffle& shuffle) const {
    const Shape shape = input();
    require(shuffle.groups >= 1, "at least one group");
    require(shape.channels % shuffle.groups == 0,
            [&] { return fmt::format("a number of channels that {} divides", shuffle.groups); });
    return shape;
  }

  Shape operator()(const Multiply&) const {
    require(inputs_.size() >= 2, "two or more tensors");
    const Shape& shape = first();
    const Shape scale{shape.channels, 1, 1};
    for (const Shape& other : inputs_)
      require(other == shape || other == scale,
              [&] { return fmt::format("tensors of the first one's shape, or of {}", to_string(scale)); });
    return shape;
  }

  Shape operator()(const Sum&) const { return common(); }
  Shape operator()(const WeightedSum&) const { return common(); }

  Shape operator()(const Dropout& dropout) const { return dropped(dropout.probability); }
  Shape operator()(const DropPath& drop) const { return dropped(drop.probability); }

  Shape operator()(const Shift& shift) const {
    require(shift.pixels >= 0, "no negative number of pixels");
    return input();
  }

  Shape operator()(const CustomLayer& layer) const {
    require(layer.definition != nullptr, "a layer definition");
    return call_layer(*layer.definition, "output_shape()",
                      [&] { return layer.definition->output_shape(inputs_); });
  }

  /// Identity, ReLU, Activation, BatchNorm and LayerNorm keep the shape.
  template <class Same>
  Shape operator()(const Same&) const {
    return input();
  }

 private:
  /// `expected` is a text or a function that returns one. Shapes are inferred several times for each layer of
  /// each network, and almost always they fit, so nothing is formatted before.
  template <class Expected>
  void require(bool condition, const Expected& expected) const {
    if (condition) return;
    std::string text;
    if constexpr (std::is_invocable_v<Expected>)
      text = expected();
    else
      text = expected;
    throw Error(
        {.what = fmt::format("the layer '{}' does not fit what enters: {}", layer_.describe(), list(inputs_)),
         .expected = std::move(text)});
  }

  const Shape& first() const {
    require(!inputs_.empty(), "at least one tensor");
    for (const Shape& shape : inputs_)
      require(shape.channels > 0 && shape.height > 0 && shape.width > 0, "tensors that are not empty");
    return inputs_.front();
  }

  const Shape& input() const {
    require(inputs_.size() == 1, "one tensor");
    return first();
  }

  Shape common() const {
    for (const Shape& shape : inputs_) require(shape == inputs_.front(), "tensors of one shape");
    return first();
  }

  Shape dropped(double probability) const {
    require(probability >= 0 && probability < 1, "a probability from 0 to less than 1");
    return input();
  }

  template <class Pool>
  Shape pooled(const Pool& pool) const {
    // With more padding, some windows would lie wholly outside the image and have no mean or maximum.
    require(pool.padding <= pool.kernel / 2, "a padding of at most half the kernel");
    return windowed(pool, 1, input().channels);
  }

  /// The shape that a layer gives whose window moves over the image.
  template <class Window>
  Shape windowed(const Window& window, int dilation, int channels) const {
    require(window.kernel >= 1 && window.stride >= 1, "a kernel and a stride of at least 1");
    require(window.padding >= 0, "no negative padding");
    const std::int64_t extent = std::int64_t{dilation} * (window.kernel - 1) + 1;
    const auto places = [&](int size) {
      const std::int64_t room = size + 2 * std::int64_t{window.padding} - extent;
      require(room >= 0, [&] {
        return fmt::format("an image of at least {} pixels a side",
                           extent - 2 * std::int64_t{window.padding});
      });
      const std::int64_t count = room / window.stride + 1;
      require(count <= std::numeric_limits<int>::max(), "less padding");
      return static_cast<int>(count);
    };
    return {channels, places(input().height), places(input().width)};
  }

  const Layer& layer_;
  std::span<const Shape> inputs_;
};

}  // namespace

Shape Layer::output_shape(std::span<const Shape> inputs) const {
  return std::visit(ShapeInference(*this, inputs), value_);
}

}  // namespace espalier
