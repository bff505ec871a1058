#include "compile/weights.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/generated/variable_factories.h>

#include <cmath>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/network/compile/fill_uniform.h"
#include "espalier/random/random.h"
#include "layers/layer_call.h"

namespace espalier {
namespace {

/// A node of the tree of names.
class NameModule : public torch::nn::Module {};

/// The module `name` ("stage_1.cell_3.conv") below `root`, made where it is missing.
torch::nn::Module& module_at(torch::nn::Module& root, const std::string& name) {
  torch::nn::Module* module = &root;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    const auto children = module->named_children();
    const auto* child = children.find(part);
    module =
        child != nullptr ? child->get() : module->register_module(part, std::make_shared<NameModule>()).get();
    begin = end + 1;
  }
  return *module;
}

class Registrar {
 public:
  Registrar(torch::nn::Module& root, const LayerGraph& graph, Purpose purpose,
            const at::TensorOptions& options)
      : root_(root), graph_(graph), purpose_(purpose), options_(options) {}

  LayerWeights run(const LayerGraph::Node& node) {
    LayerWeights weights;
    const Shape input = shape_of(node.inputs.empty() ? LayerGraph::kInput : node.inputs.front());
    if (const auto* conv = node.layer.get_if<Conv2d>()) {
      const int groups = conv->groups == kDepthwise ? input.channels : conv->groups;
      weights.weight = parameter(node, "weight",
                                 {node.shape.channels, input.channels / groups, conv->kernel, conv->kernel});
      if (conv->bias) weights.bias = parameter(node, "bias", {node.shape.channels});
    } else if (const auto* linear = node.layer.get_if<Linear>()) {
      weights.weight = parameter(node, "weight", {linear->out_features, input.elements()});
      if (linear->bias) weights.bias = parameter(node, "bias", {linear->out_features});
    } else if (const auto* norm = node.layer.get_if<BatchNorm>()) {
      torch::nn::Module& module = module_at(root_, node.name);
      weights.running_mean = module.register_buffer("running_mean", torch::zeros({input.channels}, options_));
      weights.running_var = module.register_buffer("running_var", torch::ones({input.channels}, options_));
      if (norm->affine == Affine::always ||
          (norm->affine == Affine::evaluation && purpose_ == Purpose::evaluation)) {
        weights.weight = parameter(node, "weight", {input.channels});
        weights.bias = parameter(node, "bias", {input.channels});
      }
    } else if (node.layer.get_if<LayerNorm>() != nullptr) {
      weights.weight = parameter(node, "weight", {input.channels});
      weights.bias = parameter(node, "bias", {input.channels});
    } else if (const auto* custom = node.layer.get_if<CustomLayer>()) {
      weights.module = module_of(node, *custom);
    }
    return weights;
  }

 private:
  const Shape& shape_of(int value) const {
    return value == LayerGraph::kInput ? graph_.input : graph_.nodes[static_cast<std::size_t>(value)].shape;
  }

  at::Tensor parameter(const LayerGraph::Node& node, const char* name, at::IntArrayRef sizes) {
    return module_at(root_, node.name).register_parameter(name, torch::empty(sizes, options_));
  }

  std::shared_ptr<LayerModule> module_of(const LayerGraph::Node& node, const CustomLayer& custom) {
    const auto* definition = dynamic_cast<const ModuleLayer*>(custom.definition.get());
    if (definition == nullptr) {
      throw Error({.what = "the layer \"" + std::string(node.layer.kind()) + "\" cannot be run",
                   .where = node.name,
                   .expected = "a layer whose definition is a ModuleLayer"});
    }
    std::vector<Shape> shapes;
    for (const int value : node.inputs) shapes.push_back(shape_of(value));
    auto module =
        call_layer(*definition, "make_module()", [&] { return definition->make_module(shapes, purpose_); });
    module->to(options_.device(), c10::typeMetaToScalarType(options_.dtype()));
    return module_at(root_, node.name).register_module("module", module);
  }

  torch::nn::Module& root_;
  const LayerGraph& graph_;
  Purpose purpose_;
  at::TensorOptions options_;
};

}  // namespace

std::vector<LayerWeights> register_weights(torch::nn::Module& root, const LayerGraph& graph, Purpose purpose,
                                           const at::TensorOptions& options) {
  Registrar registrar(root, graph, purpose, options);
  std::vector<LayerWeights> weights;
  weights.reserve(graph.nodes.size());
  for (const LayerGraph::Node& node : graph.nodes) weights.push_back(registrar.run(node));
  return weights;
}

void initialize_weights(const std::vector<LayerWeights>& weights, const LayerGraph& graph,
                        std::uint64_t seed) {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const LayerWeights& layer = weights[i];
    const bool is_layer_norm = graph.nodes[i].layer.get_if<LayerNorm>() != nullptr;
    if (layer.running_mean.defined() || is_layer_norm) {
      if (layer.running_mean.defined()) layer.running_mean.zero_();
      if (layer.running_var.defined()) layer.running_var.fill_(1.0);
      if (layer.weight.defined()) layer.weight.fill_(1.0);
      if (layer.bias.defined()) layer.bias.zero_();
    } else if (layer.weight.defined()) {
      const auto fan_in = static_cast<double>(layer.weight.numel() / layer.weight.size(0));
      Rng rng(seed, "weights/" + graph.nodes[i].name);
      fill_uniform(layer.weight, 1.0 / std::sqrt(fan_in), rng);
      if (layer.bias.defined()) fill_uniform(layer.bias, 1.0 / std::sqrt(fan_in), rng);
    } else if (layer.module != nullptr) {
      Rng rng(seed, "weights/" + graph.nodes[i].name);
      const LayerDefinition& definition = *graph.nodes[i].layer.get_if<CustomLayer>()->definition;
      call_layer(definition, "initialize()", [&] { layer.module->initialize(rng); });
    }
  }
}

}  // namespace espalier
