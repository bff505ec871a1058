#pragma once

#include <array>

/// A cell of the DARTS space as NAS-Bench-301 reads it: the two edges that each of the four intermediate
/// nodes keeps, node after node, the edge from the earlier input first.
struct GenotypeEdge {
  int input = 0;      ///< 0 and 1 are the two previous cells, 2 to 4 the cell's earlier intermediate nodes
  int operation = 0;  ///< 0 to 6: max_pool_3x3, avg_pool_3x3, skip_connect, sep_conv_3x3, sep_conv_5x5,
                      ///< dil_conv_3x3, dil_conv_5x5
};

struct Genotype {
  using Cell = std::array<GenotypeEdge, 8>;
  Cell normal;
  Cell reduction;
};
