#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "espalier/layers/layer.h"
#include "espalier/layers/overloaded.h"

namespace espalier {
namespace {

std::string window(std::string_view kind, int kernel) {
  return fmt::format("{} {}x{}", kind, kernel, kernel);
}

std::string unless(std::int64_t value, std::int64_t usual, std::string_view name) {
  return value == usual ? "" : fmt::format(", {} {}", name, value);
}

/// The padding that keeps the size at stride 1; descriptions leave it out.
std::int64_t same_padding(int kernel, int dilation = 1) {
  return std::int64_t{dilation} * (std::int64_t{kernel} - 1) / 2;
}

std::string arrow(int channels) { return channels == kSameChannels ? "" : fmt::format(" → {}", channels); }

std::string describe_convolution(std::string_view kind, const Conv2d& conv) {
  std::string text = window(kind, conv.kernel) + arrow(conv.out_channels);
  text += unless(conv.stride, 1, "stride");
  text += unless(conv.padding, same_padding(conv.kernel, conv.dilation), "padding");
  text += unless(conv.dilation, 1, "dilation");
  text += conv.groups == kDepthwise ? ", depthwise" : unless(conv.groups, 1, "groups");
  if (conv.bias) text += ", bias";
  return text;
}

std::string describe_batch_norm(std::string_view kind, Affine affine) {
  std::string name(kind);
  switch (affine) {
    case Affine::never:
      return name + ", not affine";
    case Affine::evaluation:
      return name + ", affine in evaluation";
    case Affine::always:
      break;
  }
  return name;
}

template <class Pool>
std::string describe_pool(std::string_view kind, const Pool& pool) {
  return window(kind, pool.kernel) + unless(pool.stride, 1, "stride") +
         unless(pool.padding, same_padding(pool.kernel), "padding");
}

std::string_view name_of(ActivationFunction function) {
  switch (function) {
    case ActivationFunction::sigmoid:
      return "sigmoid";
    case ActivationFunction::hard_sigmoid:
      return "hard_sigmoid";
    case ActivationFunction::tanh:
      return "tanh";
    case ActivationFunction::silu:
      return "silu";
    case ActivationFunction::hard_swish:
      return "hard_swish";
    case ActivationFunction::gelu:
      return "gelu";
    case ActivationFunction::leaky_relu:
      return "leaky_relu";
    case ActivationFunction::elu:
      return "elu";
    case ActivationFunction::relu6:
      return "relu6";
  }
  return "activation";
}

std::string describe_slice(std::string_view kind, const Slice& slice) {
  return fmt::format("{} [{}, {})", kind, slice.begin, std::int64_t{slice.begin} + slice.channels);
}

std::string_view custom_kind(const CustomLayer& layer) {
  return layer.definition ? layer.definition->kind() : std::string_view("custom");
}

}  // namespace

std::string_view Layer::kind() const {
  using Kind = std::string_view;
  return std::visit(Overloaded{
                        [](const Identity&) -> Kind { return "identity"; },
                        [](const Zero&) -> Kind { return "zero"; },
                        [](const ReLU&) -> Kind { return "relu"; },
                        [](const Activation& layer) -> Kind { return name_of(layer.function); },
                        [](const Conv2d&) -> Kind { return "conv2d"; },
                        [](const BatchNorm&) -> Kind { return "batch_norm"; },
                        [](const LayerNorm&) -> Kind { return "layer_norm"; },
                        [](const MaxPool&) -> Kind { return "max_pool"; },
                        [](const AvgPool&) -> Kind { return "avg_pool"; },
                        [](const GlobalAvgPool&) -> Kind { return "global_avg_pool"; },
                        [](const Linear&) -> Kind { return "linear"; },
                        [](const Concat&) -> Kind { return "concat"; },
                        [](const Slice&) -> Kind { return "slice"; },
                        [](const ChannelShuffle&) -> Kind { return "channel_shuffle"; },
                        [](const Multiply&) -> Kind { return "multiply"; },
                        [](const Sum&) -> Kind { return "sum"; },
                        [](const WeightedSum&) -> Kind { return "weighted_sum"; },
                        [](const Dropout&) -> Kind { return "dropout"; },
                        [](const DropPath&) -> Kind { return "drop_path"; },
                        [](const Shift&) -> Kind { return "shift"; },
                        [](const CustomLayer& layer) -> Kind { return custom_kind(layer); },
                    },
                    value_);
}

std::string Layer::describe() const {
  return std::visit(
      Overloaded{
          [&](const Zero& zero) {
            return fmt::format("{}{}{}", kind(), arrow(zero.out_channels), unless(zero.stride, 1, "stride"));
          },
          [&](const Conv2d& conv) { return describe_convolution(kind(), conv); },
          [&](const BatchNorm& norm) { return describe_batch_norm(kind(), norm.affine); },
          [&](const MaxPool& pool) { return describe_pool(kind(), pool); },
          [&](const AvgPool& pool) { return describe_pool(kind(), pool); },
          [&](const Linear& linear) {
            return fmt::format("{} → {}{}", kind(), linear.out_features, linear.bias ? "" : ", no bias");
          },
          [&](const Slice& slice) { return describe_slice(kind(), slice); },
          [&](const ChannelShuffle& shuffle) { return fmt::format("{} {}", kind(), shuffle.groups); },
          [&](const Dropout& dropout) { return fmt::format("{} {}", kind(), dropout.probability); },
          [&](const DropPath& drop) { return fmt::format("{} {}", kind(), drop.probability); },
          [&](const Shift& shift) { return fmt::format("{} {}", kind(), shift.pixels); },
          [&](const CustomLayer& layer) {
            return layer.definition ? layer.definition->describe() : std::string(kind());
          },
          [&](const auto&) { return std::string(kind()); },
      },
      value_);
}

}  // namespace espalier
