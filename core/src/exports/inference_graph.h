#pragma once

#include <string>
#include <vector>

#include "espalier/plan/layer_graph.h"

namespace espalier::exports {

/// What stays of a network for inference: without the auxiliary head, identities, dropped paths, zeros in
/// sums, the candidates of choices that do not run, and what the output does not depend on. The names of
/// layers become identifiers that Python takes. `names` then holds the old name of each node of the result.
LayerGraph inference_graph(const LayerGraph& graph, std::vector<std::string>& names);

}  // namespace espalier::exports
