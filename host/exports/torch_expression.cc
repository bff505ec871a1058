#include <fmt/format.h>
#include <fmt/ranges.h>

#include "espalier/layers/overloaded.h"
#include "exports/torch_layers.h"

namespace espalier::exports {
namespace {

std::string activation_expression(ActivationFunction function, const std::string& x) {
  switch (function) {
    case ActivationFunction::sigmoid:
      return fmt::format("torch.sigmoid({})", x);
    case ActivationFunction::hard_sigmoid:
      return fmt::format("torch.hardsigmoid({})", x);
    case ActivationFunction::tanh:
      return fmt::format("torch.tanh({})", x);
    case ActivationFunction::silu:
      return fmt::format("torch.silu({})", x);
    case ActivationFunction::hard_swish:
      return fmt::format("torch.hardswish({})", x);
    case ActivationFunction::gelu:
      return fmt::format("torch.gelu({})", x);
    case ActivationFunction::leaky_relu:
      return fmt::format("torch.leaky_relu({}, 0.01)", x);
    case ActivationFunction::elu:
      return fmt::format("torch.elu({})", x);
    case ActivationFunction::relu6:
      return fmt::format("torch.hardtanh({}, 0.0, 6.0)", x);
  }
  return x;
}

std::string convolution_expression(const Conv2d& conv, const LayerCode& code) {
  const int groups = conv.groups == kDepthwise ? code.shapes.front().channels : conv.groups;
  return fmt::format("torch.conv2d({0}, {1}, {2}, [{3}, {3}], [{4}, {4}], [{5}, {5}], {6})",
                     code.inputs.front(), code.weight("weight"), code.weight("bias"), conv.stride,
                     conv.padding, conv.dilation, groups);
}

/// The layer norm of LibTorch normalizes the last dimensions, and channels are not the last.
std::string layer_norm_expression(const LayerCode& code) {
  return fmt::format("torch.layer_norm({}.permute([0, 2, 3, 1]), [{}], {}, {}, {}).permute([0, 3, 1, 2])",
                     code.inputs.front(), code.shapes.front().channels, code.weight("weight"),
                     code.weight("bias"), kLayerNormEpsilonText);
}

}  // namespace

std::string torch_expression(const LayerGraph::Node& node, const LayerCode& code) {
  const std::string& x = code.inputs.front();
  return std::visit(
      Overloaded{
          [&](const ReLU&) { return fmt::format("torch.relu({})", x); },
          [&](const Activation& layer) { return activation_expression(layer.function, x); },
          [&](const Conv2d& conv) { return convolution_expression(conv, code); },
          [&](const BatchNorm&) {
            return fmt::format("torch.batch_norm({}, {}, {}, {}, {}, False, 0.1, {}, False)", x,
                               code.weight("weight"), code.weight("bias"), code.weight("running_mean"),
                               code.weight("running_var"), kBatchNormEpsilonText);
          },
          [&](const LayerNorm&) { return layer_norm_expression(code); },
          [&](const MaxPool& pool) {
            return fmt::format("torch.max_pool2d({0}, [{1}, {1}], [{2}, {2}], [{3}, {3}])", x, pool.kernel,
                               pool.stride, pool.padding);
          },
          [&](const AvgPool& pool) {
            return fmt::format("torch.avg_pool2d({0}, [{1}, {1}], [{2}, {2}], [{3}, {3}], False, False)", x,
                               pool.kernel, pool.stride, pool.padding);
          },
          [&](const GlobalAvgPool&) { return fmt::format("torch.mean({}, [2, 3], True)", x); },
          [&](const Linear&) {
            return fmt::format("torch.linear(torch.flatten({}, 1), {}, {}).unsqueeze(2).unsqueeze(3)", x,
                               code.weight("weight"), code.weight("bias"));
          },
          [&](const Concat&) { return fmt::format("torch.cat([{}], 1)", fmt::join(code.inputs, ", ")); },
          [&](const Slice& slice) {
            return fmt::format("torch.narrow({}, 1, {}, {})", x, slice.begin, slice.channels);
          },
          [&](const ChannelShuffle& shuffle) {
            return fmt::format("torch.channel_shuffle({}, {})", x, shuffle.groups);
          },
          [&](const Multiply&) { return fmt::format("{}", fmt::join(code.inputs, " * ")); },
          [&](const Sum&) { return fmt::format("{}", fmt::join(code.inputs, " + ")); },
          [&](const Shift& shift) {
            return fmt::format("torch.constant_pad_nd({0}, [-{1}, {1}, -{1}, {1}])", x, shift.pixels);
          },
          [&](const Zero&) {
            return fmt::format("{0}.new_zeros([{0}.size(0), {1}, {2}, {3}])", x, node.shape.channels,
                               node.shape.height, node.shape.width);
          },
          [&](const CustomLayer& layer) {
            return ability<const ExportsLayer>(*layer.definition)->torch_expression(code);
          },
          [&](const auto&) { return x; },  // in inference a dropout does nothing
      },
      node.layer.value());
}

}  // namespace espalier::exports
