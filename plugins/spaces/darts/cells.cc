#include "cells.h"

#include <algorithm>
#include <array>
#include <utility>

#include "espalier/errors/errors.h"

namespace darts {
namespace {

using espalier::Architecture;
using espalier::Rng;

constexpr std::size_t kRealOperations = kOperations - 1;
constexpr std::uint64_t kPairsOfOperations = kRealOperations * kRealOperations;

constexpr std::uint64_t pairs_of(std::size_t inputs) { return inputs * (inputs - 1) / 2; }

/// Calls `visit(cell, node)` for the computing nodes of both cells, in order.
template <class Visitor>
void for_each_node(const Visitor& visit) {
  for (std::size_t cell = 0; cell < kCells; ++cell)
    for (std::size_t node = 0; node < kNodes; ++node) visit(cell, node);
}

/// Moves the operation of one edge to another edge.
void move_edge(Architecture& architecture, std::size_t from, std::size_t to) {
  architecture.set(to, architecture[from]);
  architecture.set(from, 0);
}

}  // namespace

Sources sources_of(const Architecture& architecture, std::size_t cell, std::size_t node) {
  const std::size_t begin = edge_of(cell, node, 0);
  std::size_t first = 0;
  while (architecture[begin + first] == 0) ++first;
  std::size_t second = first + 1;
  while (architecture[begin + second] == 0) ++second;
  return {first, second};
}

void check(const Architecture& architecture) {
  for_each_node([&](std::size_t cell, std::size_t node) {
    std::size_t read = 0;
    for (std::size_t from = 0; from < node + kInputs; ++from)
      read += architecture[edge_of(cell, node, from)] != 0 ? 1 : 0;
    if (read == 2) return;
    throw espalier::UsageError({.what = "node " + std::to_string(node + kInputs) + " of the " +
                                        (cell == 0 ? "normal" : "reduction") + " cell reads " +
                                        std::to_string(read) + " nodes",
                                .expected = "exactly two, by operations other than none"});
  });
}

double size() {
  double product = 1.0;
  for_each_node([&](std::size_t, std::size_t node) {
    product *= static_cast<double>(pairs_of(node + kInputs) * kPairsOfOperations);
  });
  return product;
}

Architecture at(std::uint64_t index) {
  Architecture architecture = Architecture::zeros(kCells * kEdges);
  for_each_node([&](std::size_t cell, std::size_t node) {
    const auto take_digit = [&index](std::uint64_t count) {
      const std::uint64_t digit = index % count;
      index /= count;
      return static_cast<std::size_t>(digit);
    };
    // The pairs are numbered (0, 1), (0, 2), (1, 2), (0, 3), …
    std::size_t pair = take_digit(pairs_of(node + kInputs));
    std::size_t second = 1;
    for (; pair >= second; ++second) pair -= second;
    architecture.set(edge_of(cell, node, pair), 1 + take_digit(kRealOperations));
    architecture.set(edge_of(cell, node, second), 1 + take_digit(kRealOperations));
  });
  return architecture;
}

std::uint64_t index_of(const Architecture& architecture) {
  std::uint64_t index = 0;
  std::uint64_t place = 1;
  for_each_node([&](std::size_t cell, std::size_t node) {
    const auto [first, second] = sources_of(architecture, cell, node);
    const auto add = [&](std::uint64_t digit, std::uint64_t count) {
      index += place * digit;
      place *= count;
    };
    add(pairs_of(second) + first, pairs_of(node + kInputs));
    add(architecture[edge_of(cell, node, first)] - 1U, kRealOperations);
    add(architecture[edge_of(cell, node, second)] - 1U, kRealOperations);
  });
  return index;
}

Architecture sample(Rng& rng) {
  Architecture architecture = Architecture::zeros(kCells * kEdges);
  for_each_node([&](std::size_t cell, std::size_t node) {
    const std::size_t first = rng.below(node + kInputs);
    std::size_t second = rng.below(node + kInputs - 1);
    if (second >= first) ++second;
    for (const std::size_t from : {first, second})
      architecture.set(edge_of(cell, node, from), 1 + rng.below(kRealOperations));
  });
  return architecture;
}

Architecture mutate(const Architecture& architecture, Rng& rng) {
  Architecture mutant = architecture;
  const std::size_t cell = rng.below(kCells);
  const bool moves = rng.below(2) == 0;
  // The first computing node already reads all nodes before it, so that none of its edges can move.
  const std::size_t node = moves ? 1 + rng.below(kNodes - 1) : rng.below(kNodes);
  const auto [first, second] = sources_of(architecture, cell, node);
  const std::size_t from = rng.below(2) == 0 ? first : second;
  const std::size_t edge = edge_of(cell, node, from);
  if (moves) {
    std::size_t to = rng.below(node + kInputs - 2);
    if (to >= first) ++to;
    if (to >= second) ++to;
    move_edge(mutant, edge, edge_of(cell, node, to));
  } else {
    const std::size_t other = 1 + rng.below(kRealOperations - 1);
    mutant.set(edge, other < architecture[edge] ? other : other + 1);
  }
  return mutant;
}

std::vector<Architecture> neighbours(const Architecture& architecture) {
  std::vector<Architecture> found;
  for_each_node([&](std::size_t cell, std::size_t node) {
    const auto [first, second] = sources_of(architecture, cell, node);
    for (const std::size_t from : {first, second}) {
      const std::size_t edge = edge_of(cell, node, from);
      for (std::size_t operation = 1; operation < kOperations; ++operation)
        if (operation != architecture[edge]) found.emplace_back(architecture).set(edge, operation);
      for (std::size_t to = 0; to < node + kInputs; ++to)
        if (to != first && to != second)
          move_edge(found.emplace_back(architecture), edge, edge_of(cell, node, to));
    }
  });
  return found;
}

Architecture discretize(const std::vector<std::vector<double>>& weights) {
  Architecture architecture = Architecture::zeros(kCells * kEdges);
  for_each_node([&](std::size_t cell, std::size_t node) {
    const auto strongest = [&](std::size_t from) {
      const std::vector<double>& operations = weights[edge_of(cell, node, from)];
      return std::max_element(operations.begin() + 1, operations.end()) - operations.begin();
    };
    const auto strength = [&](std::size_t from) {
      return weights[edge_of(cell, node, from)][static_cast<std::size_t>(strongest(from))];
    };
    std::array<std::size_t, kNodes + kInputs - 1> froms{};
    for (std::size_t from = 0; from < froms.size(); ++from) froms[from] = from;
    std::stable_sort(froms.begin(), froms.begin() + static_cast<std::ptrdiff_t>(node + kInputs),
                     [&](std::size_t a, std::size_t b) { return strength(a) > strength(b); });
    for (const std::size_t from : {froms[0], froms[1]})
      architecture.set(edge_of(cell, node, from), static_cast<std::size_t>(strongest(from)));
  });
  return architecture;
}

}  // namespace darts
