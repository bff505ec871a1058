#include "espalier/graph/graph_data.h"

#include "espalier/layers/primitives.h"

namespace espalier {

EdgeData::EdgeData(int from, int to) : from_(from), to_(to), op_(primitives::identity()) {}

NodeData::NodeData() : combine_(primitives::sum()) {}

}  // namespace espalier
