#include "espalier/exports/onnx_file.h"

#include <protozero/pbf_builder.hpp>

#include "espalier/layers/overloaded.h"
#include "exports/onnx_layers.h"

namespace espalier::exports {
namespace {

using protozero::pbf_builder;

constexpr std::int64_t kIrVersion = 8;
constexpr std::int32_t kFloatType = 1;  // TensorProto.DataType.FLOAT

enum class ModelField : protozero::pbf_tag_type {
  ir_version = 1,
  producer_name = 2,
  producer_version = 3,
  graph = 7,
  opset_import = 8
};
enum class OpsetField : protozero::pbf_tag_type { domain = 1, version = 2 };
enum class GraphField : protozero::pbf_tag_type {
  node = 1,
  name = 2,
  initializer = 5,
  input = 11,
  output = 12
};
enum class NodeField : protozero::pbf_tag_type {
  input = 1,
  output = 2,
  name = 3,
  op_type = 4,
  attribute = 5
};
enum class AttributeField : protozero::pbf_tag_type {
  name = 1,
  float_value = 2,
  int_value = 3,
  string_value = 4,
  floats = 7,
  ints = 8,
  type = 20
};
enum class AttributeType : std::int32_t {
  float_value = 1,
  int_value = 2,
  string_value = 3,
  floats = 6,
  ints = 7
};
enum class TensorField : protozero::pbf_tag_type { dims = 1, data_type = 2, name = 8, raw_data = 9 };
enum class ValueField : protozero::pbf_tag_type { name = 1, type = 2 };
enum class TypeField : protozero::pbf_tag_type { tensor = 1 };
enum class TensorTypeField : protozero::pbf_tag_type { element = 1, shape = 2 };
enum class ShapeField : protozero::pbf_tag_type { dimension = 1 };
enum class DimensionField : protozero::pbf_tag_type { value = 1, parameter = 2 };

std::string attribute_bytes(const std::string& name, const OnnxAttribute& value) {
  std::string bytes;
  pbf_builder<AttributeField> message(bytes);
  message.add_string(AttributeField::name, name);
  const auto type = [&](AttributeType kind) {
    message.add_enum(AttributeField::type, static_cast<std::int32_t>(kind));
  };
  std::visit(Overloaded{
                 [&](std::int64_t number) {
                   message.add_int64(AttributeField::int_value, number);
                   type(AttributeType::int_value);
                 },
                 [&](float number) {
                   message.add_float(AttributeField::float_value, number);
                   type(AttributeType::float_value);
                 },
                 [&](const std::string& text) {
                   message.add_bytes(AttributeField::string_value, text);
                   type(AttributeType::string_value);
                 },
                 [&](const std::vector<std::int64_t>& numbers) {
                   for (const std::int64_t number : numbers) message.add_int64(AttributeField::ints, number);
                   type(AttributeType::ints);
                 },
                 [&](const std::vector<float>& numbers) {
                   for (const float number : numbers) message.add_float(AttributeField::floats, number);
                   type(AttributeType::floats);
                 },
             },
             value);
  return bytes;
}

std::string node_bytes(const OnnxNode& node) {
  std::string bytes;
  pbf_builder<NodeField> message(bytes);
  for (const std::string& input : node.inputs) message.add_string(NodeField::input, input);
  for (const std::string& output : node.outputs) message.add_string(NodeField::output, output);
  message.add_string(NodeField::name, node.outputs.front());
  message.add_string(NodeField::op_type, node.op);
  for (const auto& [name, value] : node.attributes)
    message.add_message(NodeField::attribute, attribute_bytes(name, value));
  return bytes;
}

std::string tensor_bytes(const std::string& name, const StoredTensor& tensor) {
  std::string bytes;
  pbf_builder<TensorField> message(bytes);
  for (const std::int64_t length : tensor.shape) message.add_int64(TensorField::dims, length);
  message.add_int32(TensorField::data_type, kFloatType);
  message.add_string(TensorField::name, name);
  message.add_bytes(TensorField::raw_data, tensor.bytes);
  return bytes;
}

/// An input or output whose first length is free.
std::string value_bytes(const std::string& name, const std::vector<std::int64_t>& lengths) {
  std::string shape;
  pbf_builder<ShapeField> dimensions(shape);
  std::string free;
  pbf_builder<DimensionField>(free).add_string(DimensionField::parameter, "N");
  dimensions.add_message(ShapeField::dimension, free);
  for (const std::int64_t length : lengths) {
    std::string fixed;
    pbf_builder<DimensionField>(fixed).add_int64(DimensionField::value, length);
    dimensions.add_message(ShapeField::dimension, fixed);
  }
  std::string tensor;
  pbf_builder<TensorTypeField> tensor_type(tensor);
  tensor_type.add_int32(TensorTypeField::element, kFloatType);
  tensor_type.add_message(TensorTypeField::shape, shape);
  std::string type;
  pbf_builder<TypeField>(type).add_message(TypeField::tensor, tensor);
  std::string bytes;
  pbf_builder<ValueField> message(bytes);
  message.add_string(ValueField::name, name);
  message.add_message(ValueField::type, type);
  return bytes;
}

std::string graph_bytes(const ExportedNetwork& network) {
  const LayerGraph& graph = network.graph;
  std::string bytes;
  pbf_builder<GraphField> message(bytes);
  const auto value_name = [&](int value) {
    return value == LayerGraph::kInput ? std::string("images")
                                       : graph.nodes[static_cast<std::size_t>(value)].name;
  };
  for (const LayerGraph::Node& node : graph.nodes) {
    std::vector<std::string> inputs;
    inputs.reserve(node.inputs.size());
    for (const int value : node.inputs) inputs.push_back(value_name(value));
    const LayerCode code = layer_code(network, node, std::move(inputs), node.name + ".");
    for (const OnnxNode& written : onnx_nodes(node, code, node.name))
      message.add_message(GraphField::node, node_bytes(written));
  }
  const int output = graph.nodes.empty() ? LayerGraph::kInput : static_cast<int>(graph.nodes.size()) - 1;
  message.add_message(GraphField::node,
                      node_bytes({.op = "Flatten", .inputs = {value_name(output)}, .outputs = {"logits"}}));
  // A graph has to have a name.
  message.add_string(GraphField::name, network.space.empty() ? "network" : network.space);
  for (const auto& [name, tensor] : network.weights.tensors)
    message.add_message(GraphField::initializer, tensor_bytes(name, tensor));
  message.add_message(GraphField::input,
                      value_bytes("images", {graph.input.channels, graph.input.height, graph.input.width}));
  message.add_message(GraphField::output, value_bytes("logits", {graph.output().elements()}));
  return bytes;
}

}  // namespace

std::string onnx_file(const ExportedNetwork& network) {
  std::string opset;
  pbf_builder<OpsetField> version(opset);
  version.add_string(OpsetField::domain, "");
  version.add_int64(OpsetField::version, kOnnxOpset);
  std::string bytes;
  pbf_builder<ModelField> model(bytes);
  model.add_int64(ModelField::ir_version, kIrVersion);
  model.add_string(ModelField::producer_name, "Espalier");
  model.add_string(ModelField::producer_version, ESPALIER_VERSION);
  model.add_message(ModelField::graph, graph_bytes(network));
  model.add_message(ModelField::opset_import, opset);
  return bytes;
}

}  // namespace espalier::exports
