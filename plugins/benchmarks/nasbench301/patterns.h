#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "encoding.h"
#include "genotype.h"

/// The patterns in the cells of a genotype that decide its accuracy, numbered as in the table of features.
namespace nasbench301 {

inline constexpr std::size_t kNodePatterns = kOperations * (kOperations + 1) / 2;
inline constexpr std::size_t kSources = 3;  ///< the two inputs of a cell, and its nodes
inline constexpr std::size_t kChainPatterns = kSources * kOperations * kOperations;
inline constexpr std::size_t kInputPatterns = kPairs[0] * kPairs[1] * kPairs[2];
inline constexpr std::size_t kFirstNode = kEdges * kOperations;
inline constexpr std::size_t kFirstChain = kFirstNode + kNodePatterns;
inline constexpr std::size_t kFirstInputs = kFirstChain + kChainPatterns;
inline constexpr std::size_t kPatterns = kFirstInputs + kInputPatterns;  ///< of one cell

/// Calls `visit(number)` for each pattern of a cell; a chain may occur more than once. They are: an operation
/// on an edge, the two operations that enter a node, two operations one after the other with what the first
/// one reads, and the pairs of inputs of all nodes.
template <class Visitor>
void for_each_pattern(const Genotype::Cell& cell, const Visitor& visit) {
  const auto operation = [&](std::size_t edge) { return static_cast<std::size_t>(cell[edge].operation); };
  const auto input = [&](std::size_t edge) { return static_cast<std::size_t>(cell[edge].input); };
  for (std::size_t node = 0; node < kNodes; ++node) {
    for (const std::size_t edge : {2 * node, 2 * node + 1}) {
      visit(edge_number(node, input(edge)) * kOperations + operation(edge));
      if (input(edge) < 2) continue;
      const std::size_t source = input(edge) - 2;
      for (const std::size_t before : {2 * source, 2 * source + 1}) {
        const std::size_t start = std::min(input(before), kSources - 1);
        visit(kFirstChain + (start * kOperations + operation(before)) * kOperations + operation(edge));
      }
    }
    const auto [low, high] = std::minmax({operation(2 * node), operation(2 * node + 1)});
    visit(kFirstNode + low * (2 * kOperations - low + 1) / 2 + high - low);
  }
  const auto [second, third, fourth] = pairs_of(cell);
  visit(kFirstInputs + (second * kPairs[1] + third) * kPairs[2] + fourth);
}

/// The names of the patterns of the normal cell, then those of the reduction cell.
std::vector<std::string> pattern_names();

}  // namespace nasbench301
