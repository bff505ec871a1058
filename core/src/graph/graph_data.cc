#include "espalier/graph/graph_data.h"

#include "espalier/layers/primitives.h"

namespace espalier {
namespace {

// Every new edge and node has one of these. Copies of a primitive share their layers.
const Primitive& identity() {
  static const Primitive primitive = primitives::identity();
  return primitive;
}
const Primitive& sum() {
  static const Primitive primitive = primitives::sum();
  return primitive;
}

}  // namespace

EdgeData::EdgeData(int from, int to) : from_(from), to_(to), op_(identity()) {}

NodeData::NodeData() : combine_(sum()) {}

}  // namespace espalier
