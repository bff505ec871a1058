#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "espalier/random/random.h"
#include "espalier/space/architecture.h"

/// The architectures of the DARTS space: in each of two cells, into each of four nodes two edges from
/// different earlier nodes, with an operation that is not `none`. An architecture holds a candidate for each
/// of the 14 edges of a cell, the normal cell's first; candidate 0 is `none`.
namespace darts {

inline constexpr std::size_t kCells = 2;
inline constexpr std::size_t kNodes = 4;   ///< that compute something
inline constexpr std::size_t kInputs = 2;  ///< of a cell
inline constexpr std::size_t kEdges = 14;  ///< of a cell
inline constexpr std::size_t kOperations = 8;

/// The choice that stands for the edge into a computing node (0 to 3) from an earlier one (0 and 1 are the
/// inputs).
constexpr std::size_t edge_of(std::size_t cell, std::size_t node, std::size_t from) {
  return cell * kEdges + node * (node + 3) / 2 + from;
}

/// The two nodes that a node reads, ascending. Of what check() lets pass.
struct Sources {
  std::size_t first;
  std::size_t second;
};
Sources sources_of(const espalier::Architecture& architecture, std::size_t cell, std::size_t node);

/// Throws UsageError for a node that does not read two.
void check(const espalier::Architecture& architecture);

double size();
espalier::Architecture at(std::uint64_t index);
std::uint64_t index_of(const espalier::Architecture& architecture);

espalier::Architecture sample(espalier::Rng& rng);
/// An operation or, as likely, an input changes (Real et al., 2019).
espalier::Architecture mutate(const espalier::Architecture& architecture, espalier::Rng& rng);
std::vector<espalier::Architecture> neighbours(const espalier::Architecture& architecture);

/// Into each node the two edges whose strongest operation other than none weighs most, with that operation
/// (Liu et al., 2019); of equals the first.
espalier::Architecture discretize(const std::vector<std::vector<double>>& weights);

}  // namespace darts
