#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/layers/exports_layer.h"
#include "espalier/plan/layer_graph.h"

namespace espalier::exports {

/// An expression that computes a layer in inference with functions of `torch` alone, which TorchScript
/// compiles. `code.weight` gives "None" for a tensor that the layer lacks.
std::string torch_expression(const LayerGraph::Node& node, const LayerCode& code);

/// A number of generated code, which is an argument of its class where two instances differ in it.
using Number = std::function<std::string(std::string_view name, std::int64_t value)>;

/// A layer in readable PyTorch: how its module is made, "nn.Conv2d(16, 16, 3, padding=1, bias=False)".
/// Only for layers that are not written in place, and not for a plugin's own.
std::string torch_module(const LayerGraph& graph, const LayerGraph::Node& node, const Number& number);
/// Whether a layer is written as an expression in place, and no module.
bool is_in_place(const Layer& layer);
/// The class that torch_module() uses beside those of torch.nn, as source; empty where it needs none.
std::string_view helper_class(const Layer& layer);

/// The epsilon of a norm, as its module is told.
inline constexpr const char* kBatchNormEpsilonText = "1e-05";
inline constexpr const char* kLayerNormEpsilonText = "1e-06";

}  // namespace espalier::exports
