#include "exports/onnx_layers.h"

#include <utility>

#include "espalier/layers/overloaded.h"

namespace espalier::exports {
namespace {

using Numbers = std::vector<std::int64_t>;
using Nodes = std::vector<OnnxNode>;

OnnxNode constant(const std::string& name, Numbers numbers) {
  return {
      .op = "Constant", .inputs = {}, .outputs = {name}, .attributes = {{"value_ints", std::move(numbers)}}};
}
OnnxNode constant(const std::string& name, float number) {
  return {.op = "Constant", .inputs = {}, .outputs = {name}, .attributes = {{"value_float", number}}};
}

Numbers twice(std::int64_t value) { return {value, value}; }
Numbers four_times(std::int64_t value) { return {value, value, value, value}; }

/// GELU as it is defined, x·Φ(x) = x/2·(1 + erf(x/√2)): it is an operator from opset 20 on.
Nodes gelu_nodes(const std::string& x, const std::string& output) {
  constexpr float root_of_two = 1.41421356F;
  return {constant(output + ".root", root_of_two),
          {.op = "Div", .inputs = {x, output + ".root"}, .outputs = {output + ".scaled"}},
          {.op = "Erf", .inputs = {output + ".scaled"}, .outputs = {output + ".erf"}},
          constant(output + ".one", 1.0F),
          {.op = "Add", .inputs = {output + ".erf", output + ".one"}, .outputs = {output + ".sum"}},
          constant(output + ".half", 0.5F),
          {.op = "Mul", .inputs = {x, output + ".half"}, .outputs = {output + ".part"}},
          {.op = "Mul", .inputs = {output + ".part", output + ".sum"}, .outputs = {output}}};
}

Nodes relu6_nodes(const std::string& x, const std::string& output) {
  constexpr float most = 6.0F;
  return {constant(output + ".least", 0.0F),
          constant(output + ".most", most),
          {.op = "Clip", .inputs = {x, output + ".least", output + ".most"}, .outputs = {output}}};
}

Nodes activation_nodes(ActivationFunction function, const std::string& x, const std::string& output) {
  const auto one = [&](const char* op, std::map<std::string, OnnxAttribute> attributes = {}) {
    return Nodes{{.op = op, .inputs = {x}, .outputs = {output}, .attributes = std::move(attributes)}};
  };
  constexpr float sixth = 1.0F / 6.0F;
  constexpr float half = 0.5F;
  constexpr float leak = 0.01F;
  switch (function) {
    case ActivationFunction::sigmoid:
      return one("Sigmoid");
    case ActivationFunction::hard_sigmoid:
      return one("HardSigmoid", {{"alpha", sixth}, {"beta", half}});
    case ActivationFunction::tanh:
      return one("Tanh");
    case ActivationFunction::silu:
      return {{.op = "Sigmoid", .inputs = {x}, .outputs = {output + ".sigmoid"}},
              {.op = "Mul", .inputs = {x, output + ".sigmoid"}, .outputs = {output}}};
    case ActivationFunction::hard_swish:
      return one("HardSwish");
    case ActivationFunction::gelu:
      return gelu_nodes(x, output);
    case ActivationFunction::leaky_relu:
      return one("LeakyRelu", {{"alpha", leak}});
    case ActivationFunction::elu:
      return one("Elu");
    case ActivationFunction::relu6:
      return relu6_nodes(x, output);
  }
  return one("Identity");
}

Nodes convolution_nodes(const Conv2d& conv, const LayerCode& code, const std::string& output) {
  OnnxNode node{.op = "Conv", .inputs = {code.inputs.front(), code.weight("weight")}, .outputs = {output}};
  if (conv.bias) node.inputs.push_back(code.weight("bias"));
  const int groups = conv.groups == kDepthwise ? code.shapes.front().channels : conv.groups;
  node.attributes = {{"kernel_shape", twice(conv.kernel)},
                     {"strides", twice(conv.stride)},
                     {"pads", four_times(conv.padding)},
                     {"dilations", twice(conv.dilation)},
                     {"group", std::int64_t{groups}}};
  return {node};
}

Nodes batch_norm_nodes(const LayerCode& code, const std::string& output) {
  constexpr float epsilon = 1e-5F;
  return {{.op = "BatchNormalization",
           .inputs = {code.inputs.front(), code.weight("weight"), code.weight("bias"),
                      code.weight("running_mean"), code.weight("running_var")},
           .outputs = {output},
           .attributes = {{"epsilon", epsilon}}}};
}

/// ONNX normalizes the last dimensions, and channels are not the last.
Nodes layer_norm_nodes(const LayerCode& code, const std::string& output) {
  constexpr float epsilon = 1e-6F;
  return {{.op = "Transpose",
           .inputs = {code.inputs.front()},
           .outputs = {output + ".pixels"},
           .attributes = {{"perm", Numbers{0, 2, 3, 1}}}},
          {.op = "LayerNormalization",
           .inputs = {output + ".pixels", code.weight("weight"), code.weight("bias")},
           .outputs = {output + ".normalized"},
           .attributes = {{"axis", std::int64_t{-1}}, {"epsilon", epsilon}}},
          {.op = "Transpose",
           .inputs = {output + ".normalized"},
           .outputs = {output},
           .attributes = {{"perm", Numbers{0, 3, 1, 2}}}}};
}

template <class Pool>
std::map<std::string, OnnxAttribute> window(const Pool& pool) {
  return {{"kernel_shape", twice(pool.kernel)},
          {"strides", twice(pool.stride)},
          {"pads", four_times(pool.padding)}};
}

Nodes linear_nodes(const Linear& layer, const LayerCode& code, const std::string& output) {
  OnnxNode product{.op = "Gemm",
                   .inputs = {output + ".flat", code.weight("weight")},
                   .outputs = {output + ".features"},
                   .attributes = {{"transB", std::int64_t{1}}}};
  if (layer.bias) product.inputs.push_back(code.weight("bias"));
  return {{.op = "Flatten", .inputs = {code.inputs.front()}, .outputs = {output + ".flat"}},
          product,
          constant(output + ".axes", Numbers{2, 3}),
          {.op = "Unsqueeze", .inputs = {output + ".features", output + ".axes"}, .outputs = {output}}};
}

Nodes slice_nodes(const Slice& layer, const LayerCode& code, const std::string& output) {
  return {constant(output + ".begin", Numbers{layer.begin}),
          constant(output + ".end", Numbers{std::int64_t{layer.begin} + layer.channels}),
          constant(output + ".axis", Numbers{1}),
          {.op = "Slice",
           .inputs = {code.inputs.front(), output + ".begin", output + ".end", output + ".axis"},
           .outputs = {output}}};
}

Nodes channel_shuffle_nodes(const ChannelShuffle& layer, const LayerCode& code, const std::string& output) {
  const Shape& shape = code.shapes.front();
  const std::int64_t groups = layer.groups;
  // 0 stands for the number of images.
  return {
      constant(output + ".groups", Numbers{0, groups, shape.channels / groups, shape.height, shape.width}),
      {.op = "Reshape",
       .inputs = {code.inputs.front(), output + ".groups"},
       .outputs = {output + ".grouped"}},
      {.op = "Transpose",
       .inputs = {output + ".grouped"},
       .outputs = {output + ".dealt"},
       .attributes = {{"perm", Numbers{0, 2, 1, 3, 4}}}},
      constant(output + ".shape", Numbers{0, shape.channels, shape.height, shape.width}),
      {.op = "Reshape", .inputs = {output + ".dealt", output + ".shape"}, .outputs = {output}}};
}

Nodes shift_nodes(const Shift& layer, const LayerCode& code, const std::string& output) {
  const std::int64_t by = layer.pixels;
  return {constant(output + ".pads", Numbers{0, 0, -by, -by, 0, 0, by, by}),
          {.op = "Pad", .inputs = {code.inputs.front(), output + ".pads"}, .outputs = {output}}};
}

Nodes zeros_nodes(const Shape& shape, const LayerCode& code, const std::string& output) {
  return {{.op = "Shape",
           .inputs = {code.inputs.front()},
           .outputs = {output + ".images"},
           .attributes = {{"start", std::int64_t{0}}, {"end", std::int64_t{1}}}},
          constant(output + ".image", Numbers{shape.channels, shape.height, shape.width}),
          {.op = "Concat",
           .inputs = {output + ".images", output + ".image"},
           .outputs = {output + ".shape"},
           .attributes = {{"axis", std::int64_t{0}}}},
          {.op = "ConstantOfShape", .inputs = {output + ".shape"}, .outputs = {output}}};
}

/// x0·x1·x2 …, two at a time.
Nodes product_nodes(const LayerCode& code, const std::string& output) {
  Nodes nodes;
  std::string before = code.inputs.front();
  for (std::size_t i = 1; i < code.inputs.size(); ++i) {
    const bool last = i + 1 == code.inputs.size();
    const std::string name = last ? output : output + "." + std::to_string(i);
    nodes.push_back({.op = "Mul", .inputs = {before, code.inputs[i]}, .outputs = {name}});
    before = name;
  }
  if (nodes.empty()) nodes.push_back({.op = "Identity", .inputs = code.inputs, .outputs = {output}});
  return nodes;
}

}  // namespace

std::vector<OnnxNode> onnx_nodes(const LayerGraph::Node& node, const LayerCode& code,
                                 const std::string& output) {
  const auto one = [&](const char* op, std::map<std::string, OnnxAttribute> attributes = {}) {
    return Nodes{{.op = op, .inputs = code.inputs, .outputs = {output}, .attributes = std::move(attributes)}};
  };
  return std::visit(
      Overloaded{
          [&](const ReLU&) { return one("Relu"); },
          [&](const Activation& layer) {
            return activation_nodes(layer.function, code.inputs.front(), output);
          },
          [&](const Conv2d& layer) { return convolution_nodes(layer, code, output); },
          [&](const BatchNorm&) { return batch_norm_nodes(code, output); },
          [&](const LayerNorm&) { return layer_norm_nodes(code, output); },
          [&](const MaxPool& pool) { return one("MaxPool", window(pool)); },
          [&](const AvgPool& pool) { return one("AveragePool", window(pool)); },
          [&](const GlobalAvgPool&) { return one("GlobalAveragePool"); },
          [&](const Linear& layer) { return linear_nodes(layer, code, output); },
          [&](const Concat&) {
            return one("Concat", {{"axis", std::int64_t{1}}});
          },
          [&](const Slice& layer) { return slice_nodes(layer, code, output); },
          [&](const ChannelShuffle& layer) { return channel_shuffle_nodes(layer, code, output); },
          [&](const Multiply&) { return product_nodes(code, output); },
          [&](const Sum&) { return one("Sum"); },
          [&](const Shift& layer) { return shift_nodes(layer, code, output); },
          [&](const Zero&) { return zeros_nodes(node.shape, code, output); },
          [&](const CustomLayer& layer) {
            return ability<const ExportsLayer>(*layer.definition)->onnx_nodes(code, output);
          },
          [&](const auto&) { return one("Identity"); },  // in inference a dropout does nothing
      },
      node.layer.value());
}

}  // namespace espalier::exports
