#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "espalier/layers/layer.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// A named small graph of layers: what stands on an edge (a candidate operation) or combines at a
/// node. An immutable value; copies share their layers and cost nothing.
class ESPALIER_EXPORT Primitive {
 public:
  /// A node's input: every tensor that enters the primitive, in order (one on an edge).
  static constexpr int kInput = -1;

  /// One layer, and what enters it.
  struct Node {
    std::string name;  ///< unique in the primitive: part of the names of its parameters
    Layer layer;
    std::vector<int> inputs;  ///< indices of earlier nodes, or kInput
  };

  /// Layers in a row; the first takes all that enters. Nodes are named by their kind
  /// ("conv", "bn", "relu", …), the second of a kind "conv_2" and so on.
  Primitive(std::string name, std::vector<Layer> sequence);
  /// Any small graph in topological order; the last node's output leaves.
  /// Throws Error for an empty graph, a repeated name or an input that does not come earlier.
  Primitive(std::string name, std::vector<Node> nodes);

  const std::string& name() const { return body_->name; }
  const std::vector<Node>& nodes() const { return body_->nodes; }
  Primitive renamed(std::string name) const;

  Shape output_shape(std::span<const Shape> inputs) const;
  Shape output_shape(const Shape& input) const { return output_shape(std::span(&input, 1)); }
  std::int64_t parameters(std::span<const Shape> inputs, Purpose purpose) const;
  std::int64_t flops(std::span<const Shape> inputs) const;

 private:
  struct Body {
    std::string name;
    std::vector<Node> nodes;
  };
  std::shared_ptr<const Body> body_;
};

}  // namespace espalier
