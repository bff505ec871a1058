#pragma once

#include "espalier/graph/graph.h"
#include "espalier/space/dag_space.h"

namespace nasbench101 {

/// Seven vertices, nine edges, and the authors' operations in the order of their labels.
const espalier::DagCells& cells();

/// The cell of the supernet: an edge or none between any two vertices, and an operation or none at each inner
/// one. All have `channels` channels, and vertices sum what they read. Every edge
/// from the input is a projection, a 1×1 convolution.
///
/// The hook prepare_discretization makes the published cell of it (Ying et al., 2019). There the output
/// concatenates what it reads, which shares `channels` out, and adds the projected input if it reads that,
/// too. Any other vertex is as wide as the widest of those that read it; narrower ones read its first
/// channels.
espalier::Graph make_cell(espalier::Graph skeleton, int channels);

}  // namespace nasbench101
