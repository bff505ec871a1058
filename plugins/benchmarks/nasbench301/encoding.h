#pragma once

#include <array>
#include <cstddef>

#include "espalier/space/architecture.h"
#include "espalier/space/search_space.h"
#include "genotype.h"

/// How NAS-Bench-301 numbers what is in a genotype. The nodes of a cell are 2 to 5; 0 and 1 are its inputs.
namespace nasbench301 {

inline constexpr std::size_t kCells = 2;
inline constexpr std::size_t kNodes = 4;
inline constexpr std::size_t kEdges = 14;  ///< the edges of a cell among which a genotype chooses eight
inline constexpr std::size_t kOperations = 7;

/// The number of pairs of inputs that the nodes after the first choose from.
inline constexpr std::array<std::size_t, 3> kPairs = {3, 6, 10};

/// The edge into the cell's node `node` (0 to 3) from `input`, numbered node by node.
constexpr std::size_t edge_number(std::size_t node, std::size_t input) {
  return node * (node + 3) / 2 + input;
}

/// The place of the pair of inputs first < second in (0, 1), (0, 2), …, (1, 2), … of a node that has
/// `inputs` to choose from.
constexpr std::size_t pair_number(std::size_t first, std::size_t second, std::size_t inputs) {
  return first * (2 * inputs - first - 1) / 2 + second - first - 1;
}

/// The pairs that the last three nodes of a cell read.
std::array<std::size_t, 3> pairs_of(const Genotype::Cell& cell);

/// Throws UsageError unless the choices of `space` are the edges of the DARTS space with its operations.
void check_space(const espalier::SearchSpace& space);

/// The genotype of an architecture of a space that check_space() accepts. Throws Error when a node does not
/// keep exactly two edges, as no architecture of the bundled space does.
Genotype genotype_of(const espalier::Architecture& architecture);

}  // namespace nasbench301
