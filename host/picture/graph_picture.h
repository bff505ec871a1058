#pragma once

#include <string>

namespace espalier {
class Graph;
}

namespace espalier::picture {

/// Describes a picture of a network in the DOT language: what leads from the image to the classifier, then
/// each kind of cell and motif once. `graph` is the graph of `space`, the supernet, or an architecture's;
/// the space tells what can be chosen, which has the same colors in all pictures of it.
std::string describe_picture(const Graph& graph, const Graph& space);

}  // namespace espalier::picture
