#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/space/choice.h"
#include "space/conditions.h"

namespace espalier {

/// Finds the choices of a graph, in the order of Graph::instances(), with the edges of a graph before its
/// nodes, and marks their edges and nodes for choice_of(). Throws Error where nothing is left to choose,
/// where copies of a choice differ in the number of candidates, and where candidates stand that nothing
/// chooses from.
std::vector<Choice> find_choices(Graph& graph, const Scopes& scopes);

/// When these choices are active; null where all of them always are.
std::unique_ptr<const Conditions> find_conditions(const Graph& graph, const std::vector<Choice>& choices);

}  // namespace espalier
