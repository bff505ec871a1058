#pragma once

#include <string>

#include "espalier/graph/graph.h"
#include "espalier/layers/purpose.h"

/// The networks of the DARTS space (Liu et al., 2019): a stem of one convolution, a chain of cells, and a
/// classifier. Each cell reads the two before it. After a third and after two thirds of the chain stands a
/// reduction cell, which halves the image and doubles the channels; the others are normal cells.
namespace darts {

/// How large a network is and what it ends in.
struct NetworkSize {
  int cells;
  int channels;  ///< of the first cells
  int classes;
  bool auxiliary_head;  ///< in networks that are trained from scratch
};

/// A cell of two inputs (1 and 2), four computing nodes (3 to 6) and a concatenation of these (7), without
/// operations on its edges. Its hook prepare_discretization removes the edges that hold `none`.
espalier::Graph make_cell(const std::string& name);

/// A network of copies of these cells, with the channels and strides of their places. For a search, each edge
/// gets all candidates; for training from scratch, the one whose name the edge's operation has.
espalier::Graph make_network(const NetworkSize& size, espalier::Purpose purpose,
                             const espalier::Graph& normal_cell, const espalier::Graph& reduction_cell);

/// The network to train from scratch with the cells that `searched` holds, a network of `searched_cells`
/// cells in which the chosen operations have replaced the candidates.
espalier::Graph with_cells_of(const espalier::Graph& searched, int searched_cells, const NetworkSize& size);

}  // namespace darts
