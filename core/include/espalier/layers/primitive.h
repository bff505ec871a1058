#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "espalier/layers/layer.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// A small named graph of layers: the operation on an edge, or what combines the inputs of a node. An
/// immutable value, cheap to copy since copies share their layers; all functions are [any-thread].
class ESPALIER_EXPORT Primitive {
 public:
  /// As the input of a node: all inputs of the primitive, in order (on an edge there is one).
  static constexpr int kInput = -1;

  /// A layer and where its inputs come from.
  struct Node {
    std::string name;  ///< unique within the primitive; part of the names of the layer's parameters
    Layer layer;
    std::vector<int> inputs;  ///< indices of earlier nodes, or kInput
  };

  /// A chain of layers, of which the first takes all inputs. Nodes are named by their kinds ("conv", "bn",
  /// "relu", …), the second of a kind "conv_2", and so on. Throws Error when there is no layer.
  Primitive(std::string name, std::vector<Layer> sequence);
  /// A graph in topological order; the output of the last node is that of the primitive. Throws Error when
  /// there is no node, when two nodes share a name, or when an input is not an earlier node.
  Primitive(std::string name, std::vector<Node> nodes);

  const std::string& name() const { return body_->name; }
  const std::vector<Node>& nodes() const { return body_->nodes; }
  /// The same layers under another name.
  Primitive renamed(std::string name) const;

  /// The shape of the output. Throws Error, as the counts below do, that names the first layer that does not
  /// fit its inputs.
  Shape output_shape(std::span<const Shape> inputs) const;
  Shape output_shape(const Shape& input) const { return output_shape(std::span(&input, 1)); }
  /// The number of learnable values, without running statistics.
  std::int64_t parameters(std::span<const Shape> inputs, Purpose purpose) const;
  /// The floating point operations for one image (Layer::flops()).
  std::int64_t flops(std::span<const Shape> inputs) const;
  /// The multiply-adds for one image (Layer::multiply_adds()).
  std::int64_t multiply_adds(std::span<const Shape> inputs) const;

 private:
  struct Body {
    std::string name;
    std::vector<Node> nodes;
  };
  std::shared_ptr<const Body> body_;
};

}  // namespace espalier
