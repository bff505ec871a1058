#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "espalier/graph/weighting.h"
#include "espalier/layers/layer.h"
#include "espalier/layers/purpose.h"
#include "espalier/layers/shape.h"
#include "espalier/plugin/export.h"

namespace espalier {

class EdgeData;
class Graph;

/// A nested graph, flattened to a directed acyclic graph of layers. Counts, the compiler and exporters work
/// on it.
struct ESPALIER_EXPORT LayerGraph {
  /// Stands for the network's own input among the inputs of a node.
  static constexpr int kInput = -1;

  /// One layer, and what enters it.
  struct Node {
    std::string name;  ///< "stage_1.cell_3.edge_1_3.nor_conv_3x3.conv": the prefix of its parameters
    Layer layer;
    std::vector<int> inputs;  ///< indices of earlier nodes, or kInput
    Shape shape;              ///< of the output
    std::int64_t parameters;
    std::int64_t flops;
    std::int64_t multiply_adds;
    std::shared_ptr<Weighting>
        weighting;           ///< of a weighted sum that stands for a relaxed choice; null otherwise
    bool auxiliary = false;  ///< part of the auxiliary head
  };

  Shape input;
  std::vector<Node> nodes;  ///< in topological order; the last one's output leaves the network

  const Shape& output() const { return nodes.empty() ? input : nodes.back().shape; }
  /// The last layer of the auxiliary head, where there is one.
  std::optional<int> auxiliary_output() const;
  /// These three are without the auxiliary head, which a trained network no longer has.
  std::int64_t parameters() const;
  std::int64_t flops() const;
  std::int64_t multiply_adds() const;
  /// The peak of the activations of inference, in bytes, for one image of 32-bit numbers, without the
  /// auxiliary head: the most that the tensors take that are alive at once while the layers run one after
  /// another in the order of `nodes`. The image is such a tensor. A layer's output is allocated before the
  /// layer runs, nothing is computed in place, and a tensor is released after the last layer that reads it.
  ///
  /// What computes nothing in inference has no tensor: an identity, a dropout, a drop path and a sum of one
  /// term hand on what they read, a zero that only sums read is left out, and so is a layer whose output
  /// nothing reads. Weights and the scratch buffers of layers do not count.
  std::int64_t activation_bytes() const;
};

/// Flattens `graph` for images of shape `input`. An edge with candidates becomes all of them and a weighted
/// sum of their outputs. Names depend on the graph alone. Throws Error, which names the edge, where shapes do
/// not fit.
ESPALIER_EXPORT LayerGraph flatten(const Graph& graph, const Shape& input, Purpose purpose);

/// The shapes of what enters the edges of `graph` and of all graphs nested in it, for images of shape
/// `input`. Throws what flatten() throws.
ESPALIER_EXPORT std::map<const EdgeData*, Shape> entering_shapes(const Graph& graph, const Shape& input);

}  // namespace espalier
