#pragma once

#include "espalier/graph/graph.h"
#include "espalier/layers/shape.h"

namespace espalier {

/// What a search space is made from. Write it with designated initializers, so that members which later
/// versions add take their defaults:
///
///     return {.graph = network,
///             .scopes = {"cells"},
///             .input_shape = {.channels = 3, .height = 32, .width = 32}};
struct SpaceDefinition {
  Graph graph;         ///< the macro graph, with candidates on the edges and nodes that can be searched
  Scopes scopes = {};  ///< the graphs whose edges and nodes are choices; empty means all graphs
  Shape input_shape;   ///< the shape of one image, without the batch dimension
  /// Whether there is no supernet, because the candidates of a choice differ in shape. One-shot searches on
  /// such a space are refused.
  bool discrete_only = false;
};

}  // namespace espalier
