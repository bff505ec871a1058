#include "espalier/exports/exported_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/exports/identifiers.h"
#include "espalier/layers/exports_layer.h"
#include "espalier/space/search_space.h"
#include "exports/inference_graph.h"

namespace espalier::exports {
namespace {

/// Runs one candidate of a choice.
class OneCandidate final : public Weighting {
 public:
  OneCandidate(std::size_t size, std::size_t candidate) : size_(size), candidate_(candidate) {}
  std::size_t size() const override { return size_; }
  bool runs(std::size_t candidate) const override { return candidate == candidate_; }

 private:
  std::size_t size_;
  std::size_t candidate_;
};

/// The network that is trained from scratch, or the supernet, in which the architecture is one path: its
/// layers have other names there.
Graph graph_of(const SearchSpace& space, const Architecture& architecture, Purpose purpose) {
  if (purpose == Purpose::evaluation) return space.instantiate(architecture);
  return space.relax([&](std::size_t choice) {
    return std::make_shared<OneCandidate>(space.choices()[choice].candidates.size(), architecture[choice]);
  });
}

/// The name under which a layer's tensor is exported: of "conv.weight" within a plugin's layer "conv_weight".
std::string weight_identifier(std::string_view name) {
  std::string flat(name);
  std::ranges::replace(flat, '.', '_');
  return identifier(flat);
}

StoredTensor single_precision(std::vector<std::int64_t> shape, const std::vector<float>& numbers) {
  StoredTensor tensor{.type = "F32", .shape = std::move(shape), .bytes = {}};
  tensor.bytes.resize(numbers.size() * sizeof(float));
  std::memcpy(tensor.bytes.data(), numbers.data(), tensor.bytes.size());
  return tensor;
}

void check_exportable(const LayerGraph::Node& node) {
  const auto* custom = node.layer.get_if<CustomLayer>();
  if (custom == nullptr || ability<const ExportsLayer>(*custom->definition) != nullptr) return;
  throw UsageError({.what = fmt::format("the {} cannot be exported", custom->definition->origin()),
                    .where = node.name,
                    .expected = "layers of Espalier's alphabet, or layers that say how they are written",
                    .remedy = "its plugin has to derive the layer from ExportsLayer "
                              "(espalier/layers/exports_layer.h)"});
}

/// The tensors that a layer of the alphabet has to have, by their names within it.
std::map<std::string, std::vector<std::int64_t>> expected_weights(const LayerGraph& graph,
                                                                  const LayerGraph::Node& node) {
  if (node.inputs.empty()) return {};
  const Shape input = input_shapes(graph, node).front();
  const std::int64_t channels = input.channels;
  std::map<std::string, std::vector<std::int64_t>> expected;
  if (const auto* conv = node.layer.get_if<Conv2d>()) {
    const std::int64_t groups = conv->groups == kDepthwise ? channels : conv->groups;
    expected["weight"] = {node.shape.channels, channels / groups, conv->kernel, conv->kernel};
    if (conv->bias) expected["bias"] = {node.shape.channels};
  } else if (const auto* linear = node.layer.get_if<Linear>()) {
    expected["weight"] = {linear->out_features, input.elements()};
    if (linear->bias) expected["bias"] = {linear->out_features};
  } else if (node.layer.get_if<BatchNorm>() != nullptr) {
    expected["running_mean"] = expected["running_var"] = {channels};
  } else if (node.layer.get_if<LayerNorm>() != nullptr) {
    expected["weight"] = expected["bias"] = {channels};
  }
  return expected;
}

/// A batch norm that learned no scale and bias has 1 and 0, so that all are written alike.
void complete_batch_norm(ExportedNetwork& network, const LayerGraph::Node& node) {
  if (node.layer.get_if<BatchNorm>() == nullptr) return;
  const auto complete = [&](const char* name, float number) {
    const std::vector<float> numbers(static_cast<std::size_t>(node.shape.channels), number);
    network.weights.tensors.try_emplace(node.name + name, single_precision({node.shape.channels}, numbers));
  };
  complete(".weight", 1.0F);
  complete(".bias", 0.0F);
}

void check_weights(const ExportedNetwork& network, const LayerGraph::Node& node, const std::string& where) {
  for (const auto& [name, shape] : expected_weights(network.graph, node)) {
    const auto found = network.weights.tensors.find(node.name + "." + name);
    if (found != network.weights.tensors.end() && found->second.shape == shape) continue;
    throw Error({.what = fmt::format("the weights have no \"{}.{}\" that fits", node.name, name),
                 .where = where,
                 .expected = "the weights of the same network"});
  }
}

}  // namespace

ExportedNetwork exported_network(const LayerGraph& layers, const StoredTensors& weights,
                                 const std::string& where) {
  std::vector<std::string> names;
  ExportedNetwork network{
      .space = {}, .architecture = {}, .graph = inference_graph(layers, names), .weights = {}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const LayerGraph::Node& node = network.graph.nodes[i];
    check_exportable(node);
    // A plugin's own layer keeps its weights in a module of its module.
    const bool is_custom = node.layer.get_if<CustomLayer>() != nullptr;
    const std::string prefix = names[i] + (is_custom ? ".module." : ".");
    for (auto stored = weights.tensors.lower_bound(prefix);
         stored != weights.tensors.end() && stored->first.starts_with(prefix); ++stored)
      network.weights.tensors.emplace(
          node.name + "." + weight_identifier(stored->first.substr(prefix.size())),
          single_precision(stored->second.shape, to_floats(stored->second)));
    complete_batch_norm(network, node);
    check_weights(network, node, where);
  }
  return network;
}

ExportedNetwork exported_network(const SearchSpace& space, const Architecture& architecture,
                                 const StoredTensors& weights, const std::string& where, Purpose purpose) {
  const LayerGraph whole = flatten(graph_of(space, architecture, purpose), space.input_shape(), purpose);
  ExportedNetwork network = exported_network(whole, weights, where);
  network.space = space.name();
  network.architecture = space.to_string(architecture);
  return network;
}

std::vector<Shape> input_shapes(const LayerGraph& graph, const LayerGraph::Node& node) {
  std::vector<Shape> shapes;
  shapes.reserve(node.inputs.size());
  for (const int value : node.inputs)
    shapes.push_back(value == LayerGraph::kInput ? graph.input
                                                 : graph.nodes[static_cast<std::size_t>(value)].shape);
  return shapes;
}

LayerCode layer_code(const ExportedNetwork& network, const LayerGraph::Node& node,
                     std::vector<std::string> inputs, const std::string& before) {
  const bool is_custom = node.layer.get_if<CustomLayer>() != nullptr;
  return {.inputs = std::move(inputs),
          .shapes = input_shapes(network.graph, node),
          .weight = [&network, &node, before, is_custom](std::string_view name) -> std::string {
            const std::string own = weight_identifier(name);
            if (network.weights.tensors.contains(node.name + "." + own)) return before + own;
            if (!is_custom) return "None";
            throw Error({.what = fmt::format("the layer \"{}\" is written with a weight \"{}\" that it lacks",
                                             node.layer.kind(), name),
                         .where = node.name,
                         .expected = "the name of a parameter or buffer of its module"});
          }};
}

std::vector<std::string> weights_of(const ExportedNetwork& network, const LayerGraph::Node& node) {
  const std::string prefix = node.name + ".";
  std::vector<std::string> names;
  for (auto stored = network.weights.tensors.lower_bound(prefix);
       stored != network.weights.tensors.end() && stored->first.starts_with(prefix); ++stored)
    names.push_back(stored->first.substr(prefix.size()));
  return names;
}

}  // namespace espalier::exports
