#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "espalier/random/random.h"
#include "espalier/space/architecture.h"

/// The architectures of the DARTS space (Liu et al., 2019). Each of two cells has four computing nodes, and
/// each of these reads two different earlier nodes of its cell by operations other than `none`. An
/// architecture holds a candidate for each of the 14 edges of a cell, the normal cell first; candidate 0 is
/// `none`. Only the combinations with exactly two operations into each computing node are architectures.
namespace darts {

inline constexpr std::size_t kCells = 2;
inline constexpr std::size_t kNodes = 4;   ///< the computing nodes of a cell
inline constexpr std::size_t kInputs = 2;  ///< the input nodes of a cell
inline constexpr std::size_t kEdges = 14;  ///< the edges of a cell that have candidates
inline constexpr std::size_t kOperations = 8;

/// The index of the choice for the edge into computing node `node` (0 to 3) from the cell's node `from` (0
/// and 1 are the inputs, 2 to 5 the computing nodes).
constexpr std::size_t edge_of(std::size_t cell, std::size_t node, std::size_t from) {
  return cell * kEdges + node * (node + 3) / 2 + from;
}

/// The two nodes that a computing node reads, first < second. Requires an architecture that check() accepts.
struct Sources {
  std::size_t first;
  std::size_t second;
};
Sources sources_of(const espalier::Architecture& architecture, std::size_t cell, std::size_t node);

/// Throws UsageError when a computing node does not read exactly two nodes.
void check(const espalier::Architecture& architecture);

double size();
/// Numbers the architectures in mixed radix: for each computing node a digit for the pair of nodes that it
/// reads and one for each of its two operations. The digits of the first node are the lowest.
espalier::Architecture at(std::uint64_t index);
std::uint64_t index_of(const espalier::Architecture& architecture);

espalier::Architecture sample(espalier::Rng& rng);
/// With equal probability, one edge gets another operation or starts at another node (Real et al., 2019).
espalier::Architecture mutate(const espalier::Architecture& architecture, espalier::Rng& rng);
/// Every architecture that such a mutation can lead to.
std::vector<espalier::Architecture> neighbours(const espalier::Architecture& architecture);

/// Each edge is as strong as its heaviest operation other than `none`. Each computing node keeps its two
/// strongest edges with these operations (Liu et al., 2019); the first of equals wins.
espalier::Architecture discretize(const std::vector<std::vector<double>>& weights);

}  // namespace darts
