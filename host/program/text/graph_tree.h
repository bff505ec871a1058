#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace espalier {
class Graph;
}

namespace espalier::program {

/// A nested graph as an indented tree: edges and nodes in order, equal ones in a row on one line, what
/// was drawn already only named.
std::string draw_tree(const Graph& graph);

/// The same without leaving anything out.
nlohmann::ordered_json graph_to_json(const Graph& graph);

}  // namespace espalier::program
