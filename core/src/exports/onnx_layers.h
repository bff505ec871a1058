#pragma once

#include <string>
#include <vector>

#include "espalier/layers/exports_layer.h"
#include "espalier/plan/layer_graph.h"

namespace espalier::exports {

/// The ONNX nodes of a layer, of which the last gives `output`. `code.weight` gives the name of an
/// initializer.
std::vector<OnnxNode> onnx_nodes(const LayerGraph::Node& node, const LayerCode& code,
                                 const std::string& output);

}  // namespace espalier::exports
