#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "espalier/graph/attributes.h"
#include "espalier/graph/graph.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// One decision that an architecture makes: which candidate stands on an edge or a node. All copies of a cell
/// or motif share their choices.
struct Choice {
  /// Unique within the space: what the space called it (EdgeData::set_choice_name()), or else its place,
  /// "cell.edge_1_2" or "cell.node_3", with the name of the graph that it stands in.
  std::string name;
  std::vector<std::string> candidates;  ///< unique names, in the order of the candidates' indices

  // Where it stands. A choice that stands in several copies has the place of the first.

  std::string graph = {};           ///< the name of the graph
  std::string scope = {};           ///< the scope of the graph; empty when none was set
  std::optional<EdgeId> edge = {};  ///< nothing where it stands on a node
  std::optional<int> node = {};     ///< nothing where it stands on an edge
};

/// [any-thread] The index of the choice that an edge or a node of a space's graph holds, or of a supernet
/// that the space made; nothing where there is none.
ESPALIER_EXPORT std::optional<std::size_t> choice_of(const Attributes& place);

}  // namespace espalier
