#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "espalier/plan/layer_graph.h"

/// Kinds of units, whose times a network scales alike.
enum class UnitKind {
  convolution,  ///< a convolution by itself
  depthwise,    ///< a depthwise or grouped convolution by itself
  fan_out,      ///< the convolutions that read one tensor
  separable,    ///< the same, of which some are depthwise
  pool,
  sum,  ///< with the batch norms of its terms
  other,
};
constexpr std::size_t kUnitKinds = 7;

/// A part of a network that runs as one: a layer, a convolution with its batch norm, the convolutions that
/// read one tensor, or a sum with the batch norms of its terms.
struct Unit {
  UnitKind kind = UnitKind::other;
  /// The layers as a network of their own. Inputs of one shape are the same tensor; an input of another shape
  /// is cut out of it.
  espalier::LayerGraph layers;
  /// Whether `layers` computes what the network does there. Otherwise a unit has inputs that cannot be made
  /// of one tensor, and only its size counts.
  bool measurable = true;
  /// How many tensors leave it. Where they are several, a last layer sums them, so that all are computed.
  std::size_t outputs = 1;

  /// What of the time of `layers` is not that of the unit: its output is handed out, and several are summed.
  espalier::LayerGraph rest() const;
  /// Kind, attributes and input shapes of all layers: equal signatures take equal time.
  std::string signature() const;
  double multiply_adds() const { return static_cast<double>(layers.multiply_adds()); }
  /// How many numbers its layers read and write.
  double numbers() const;
};

/// The units of a network for inference, as a plan divides it.
std::vector<Unit> units_of(const espalier::LayerGraph& network);
