#pragma once

#include "espalier/plan/layer_graph.h"

namespace espalier {

/// What flatten() gives, without the auxiliary head. Counts and comparisons of networks leave the head out,
/// and it need not fit the images where nothing is trained.
LayerGraph flatten_without_head(const Graph& graph, const Shape& input, Purpose purpose);

}  // namespace espalier
