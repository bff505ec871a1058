#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "espalier/files/safetensors.h"
#include "espalier/layers/exports_layer.h"
#include "espalier/layers/purpose.h"
#include "espalier/layers/shape.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/plugin/export.h"
#include "espalier/space/architecture.h"

namespace espalier {

class SearchSpace;

/// Networks as files that other programs read. All functions are [any-thread].
namespace exports {

/// A network to be written for use without Espalier.
struct ExportedNetwork {
  std::string space;         ///< the name of the search space; empty where only layers are known
  std::string architecture;  ///< its canonical string; empty likewise
  /// What the output depends on in inference. Names are identifiers, with dots between them.
  LayerGraph graph;
  StoredTensors weights;  ///< F32, of the layers of `graph`
};

/// The network of `layers` with its weights, by the names of `layers` and of the tensors of each layer
/// ("conv.weight"). `where` names their file. What stays is what counts in inference: without the auxiliary
/// head, identities, dropped paths, zeros in sums, the candidates of choices that do not run, and what the
/// output does not depend on. Throws Error when weights are missing or of another shape, and UsageError,
/// which names the layer and its plugin, when a layer cannot be written.
ESPALIER_EXPORT ExportedNetwork exported_network(const LayerGraph& layers, const StoredTensors& weights,
                                                 const std::string& where);

/// The same of an architecture, whose weights `purpose` says are those of a training from scratch or of a
/// supernet.
ESPALIER_EXPORT ExportedNetwork exported_network(const SearchSpace& space, const Architecture& architecture,
                                                 const StoredTensors& weights, const std::string& where,
                                                 Purpose purpose = Purpose::evaluation);

/// How code refers to what a layer is computed from: its weights are called `before` and their identifier,
/// or "None" where a layer of the alphabet lacks one. `network` and `node` outlive the result, whose
/// weight() throws Error where a plugin's layer names a weight that it lacks.
ESPALIER_EXPORT LayerCode layer_code(const ExportedNetwork& network, const LayerGraph::Node& node,
                                     std::vector<std::string> inputs, const std::string& before);

/// The shapes of what enters a layer.
ESPALIER_EXPORT std::vector<Shape> input_shapes(const LayerGraph& graph, const LayerGraph::Node& node);

/// The tensors of a layer by their names within it ("weight", "running_mean"), in the order of their names.
ESPALIER_EXPORT std::vector<std::string> weights_of(const ExportedNetwork& network,
                                                    const LayerGraph::Node& node);

}  // namespace exports
}  // namespace espalier
