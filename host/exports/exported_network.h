#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/files/safetensors.h"
#include "espalier/layers/exports_layer.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/space/search_space.h"

namespace espalier::exports {

/// A network to be written for use without Espalier.
struct ExportedNetwork {
  std::string space;         ///< the name of the search space
  std::string architecture;  ///< its canonical string
  /// What the output depends on in inference. Names are identifiers, with dots between them.
  LayerGraph graph;
  StoredTensors weights;  ///< F32, of the layers of `graph`
};

/// What stays of a network for inference: without the auxiliary head, identities, dropped paths, zeros in
/// sums, the candidates of choices that do not run, and what the output does not depend on. The names of
/// layers become identifiers that Python takes. `names` then holds the old name of each node of the result.
LayerGraph inference_graph(const LayerGraph& graph, std::vector<std::string>& names);

/// The network of an architecture with its weights, which `purpose` says are those of a training from scratch
/// or of a supernet. `where` names their file. Throws Error when weights are
/// missing or of another shape, and UsageError, which names the layer and its plugin, when a layer cannot be
/// written.
ExportedNetwork exported_network(const SearchSpace& space, const Architecture& architecture,
                                 const StoredTensors& weights, const std::string& where,
                                 Purpose purpose = Purpose::evaluation);

/// The name under which a layer's tensor is exported: of "conv.weight" within a plugin's layer "conv_weight".
std::string weight_identifier(std::string_view name);

/// How code refers to what a layer is computed from: its weights are called `before` and their identifier,
/// or "None" where a layer of the alphabet lacks one.
LayerCode layer_code(const ExportedNetwork& network, const LayerGraph::Node& node,
                     std::vector<std::string> inputs, const std::string& before);

/// The tensors of a layer by their names within it ("weight", "running_mean"), in the order of their names.
std::vector<std::string> weights_of(const ExportedNetwork& network, const LayerGraph::Node& node);

}  // namespace espalier::exports
