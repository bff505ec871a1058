#pragma once

#include <graphviz/cgraph.h>

#include <string>

namespace espalier::picture {

/// Reads a description in the DOT language; null where it cannot be read. Parts of the graph are numbered in
/// the order in which they are named. By default their numbers are the addresses of their names, after which
/// Graphviz sorts them, so that two pictures of one description need not be the same bytes.
Agraph_t* read_graph(const std::string& description);

}  // namespace espalier::picture
