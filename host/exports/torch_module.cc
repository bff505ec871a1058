#include <fmt/format.h>

#include "espalier/exports/exported_network.h"
#include "espalier/layers/overloaded.h"
#include "exports/torch_layers.h"

namespace espalier::exports {
namespace {

/// ", padding=1" unless that is the usual value.
std::string unless(const Number& number, std::string_view name, std::int64_t value, std::int64_t usual) {
  return value == usual ? "" : fmt::format(", {}={}", name, number(name, value));
}

std::string convolution_module(const Conv2d& conv, int inputs, int outputs, const Number& number) {
  const int groups = conv.groups == kDepthwise ? inputs : conv.groups;
  return fmt::format("nn.Conv2d({}, {}, {}{}{}{}{}{})", number("in_channels", inputs),
                     number("out_channels", outputs), number("kernel_size", conv.kernel),
                     unless(number, "stride", conv.stride, 1), unless(number, "padding", conv.padding, 0),
                     unless(number, "dilation", conv.dilation, 1), unless(number, "groups", groups, 1),
                     conv.bias ? "" : ", bias=False");
}

std::string_view activation_module(ActivationFunction function) {
  switch (function) {
    case ActivationFunction::sigmoid:
      return "nn.Sigmoid()";
    case ActivationFunction::hard_sigmoid:
      return "nn.Hardsigmoid()";
    case ActivationFunction::tanh:
      return "nn.Tanh()";
    case ActivationFunction::silu:
      return "nn.SiLU()";
    case ActivationFunction::hard_swish:
      return "nn.Hardswish()";
    case ActivationFunction::gelu:
      return "nn.GELU()";
    case ActivationFunction::leaky_relu:
      return "nn.LeakyReLU(0.01)";
    case ActivationFunction::elu:
      return "nn.ELU()";
    case ActivationFunction::relu6:
      return "nn.ReLU6()";
  }
  return "nn.Identity()";
}

constexpr std::string_view kFullyConnected = R"py(class FullyConnected(nn.Linear):
    """A linear map of all numbers of an image: channels x height x width becomes features x 1 x 1."""

    def forward(self, x):
        return super().forward(x.flatten(1))[:, :, None, None]
)py";
constexpr std::string_view kChannelNorm = R"py(class ChannelNorm(nn.LayerNorm):
    """Normalizes each pixel by the mean and the variance of its channels."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
)py";
constexpr std::string_view kSlice = R"py(class Slice(nn.Module):
    """Some of the channels."""

    def __init__(self, begin, channels):
        super().__init__()
        self.begin, self.channels = begin, channels

    def forward(self, x):
        return x[:, self.begin : self.begin + self.channels]
)py";
constexpr std::string_view kShift = R"py(class Shift(nn.Module):
    """Moves an image up and left, and fills the other side with zeros."""

    def __init__(self, pixels):
        super().__init__()
        self.pixels = pixels

    def forward(self, x):
        return nn.functional.pad(x, (-self.pixels, self.pixels, -self.pixels, self.pixels))
)py";
constexpr std::string_view kZeros = R"py(class Zeros(nn.Module):
    """Zeros of a fixed shape, one for each image."""

    def __init__(self, channels, height, width):
        super().__init__()
        self.shape = channels, height, width

    def forward(self, x):
        return x.new_zeros(x.size(0), *self.shape)
)py";

}  // namespace

std::string torch_module(const LayerGraph& graph, const LayerGraph::Node& node, const Number& number) {
  const std::vector<Shape> shapes = input_shapes(graph, node);
  const Shape& input = shapes.front();
  const int channels = input.channels;
  return std::visit(
      Overloaded{
          [&](const ReLU&) -> std::string { return "nn.ReLU()"; },
          [&](const Activation& layer) { return std::string(activation_module(layer.function)); },
          [&](const Conv2d& conv) { return convolution_module(conv, channels, node.shape.channels, number); },
          [&](const BatchNorm&) { return fmt::format("nn.BatchNorm2d({})", number("channels", channels)); },
          [&](const LayerNorm&) {
            return fmt::format("ChannelNorm({}, eps={})", number("channels", channels),
                               kLayerNormEpsilonText);
          },
          [&](const MaxPool& pool) {
            return fmt::format("nn.MaxPool2d({}, stride={}, padding={})", number("kernel_size", pool.kernel),
                               number("stride", pool.stride), number("padding", pool.padding));
          },
          [&](const AvgPool& pool) {
            return fmt::format("nn.AvgPool2d({}, stride={}, padding={}, count_include_pad=False)",
                               number("kernel_size", pool.kernel), number("stride", pool.stride),
                               number("padding", pool.padding));
          },
          [&](const GlobalAvgPool&) -> std::string { return "nn.AdaptiveAvgPool2d(1)"; },
          [&](const Linear& linear) {
            return fmt::format("FullyConnected({}, {}{})", number("in_features", input.elements()),
                               number("out_features", linear.out_features),
                               linear.bias ? "" : ", bias=False");
          },
          [&](const Slice& slice) {
            return fmt::format("Slice({}, {})", number("begin", slice.begin),
                               number("channels", slice.channels));
          },
          [&](const ChannelShuffle& shuffle) {
            return fmt::format("nn.ChannelShuffle({})", number("groups", shuffle.groups));
          },
          [&](const Dropout& dropout) { return fmt::format("nn.Dropout({})", dropout.probability); },
          [&](const Shift& shift) { return fmt::format("Shift({})", number("pixels", shift.pixels)); },
          [&](const Zero&) {
            return fmt::format("Zeros({}, {}, {})", number("channels", node.shape.channels),
                               number("height", node.shape.height), number("width", node.shape.width));
          },
          [&](const auto&) -> std::string { return {}; },
      },
      node.layer.value());
}

bool is_in_place(const Layer& layer) {
  return layer.get_if<Sum>() != nullptr || layer.get_if<Concat>() != nullptr ||
         layer.get_if<Multiply>() != nullptr;
}

std::string_view helper_class(const Layer& layer) {
  return std::visit(Overloaded{
                        [](const Linear&) { return kFullyConnected; },
                        [](const LayerNorm&) { return kChannelNorm; },
                        [](const Slice&) { return kSlice; },
                        [](const Shift&) { return kShift; },
                        [](const Zero&) { return kZeros; },
                        [](const auto&) { return std::string_view(); },
                    },
                    layer.value());
}

}  // namespace espalier::exports
