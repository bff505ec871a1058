#include "cell.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace nasbench101 {
namespace {

/// Calls `visit` for all orders of the vertices of a pruned cell in which edges lead forward, until it
/// returns false. What the cell lacks comes last.
template <class Visit>
void for_each_order(const Cell& cell, const Visit& visit) {
  std::array<unsigned, kVertices> order;
  std::iota(order.begin(), order.end(), 0U);
  auto* const lacking = std::stable_partition(order.begin() + 1, order.end() - 1,
                                              [&](unsigned vertex) { return cell.operations[vertex] != 0; });
  do {
    Places places;
    for (unsigned place = 0; place < kVertices; ++place) places[order[place]] = place;
    if (leads_forward(cell, places) && !visit(places)) return;
  } while (std::next_permutation(order.begin() + 1, lacking));
}

/// Adds the canonical cells that have the edges of `cell`, whose operations are all 1.
void add_labelings(Cell cell, std::vector<std::uint32_t>& codes) {
  // Only what maps the edges onto themselves can turn one labeling into another.
  std::vector<Places> symmetries;
  bool smallest = true;
  const std::uint32_t unlabeled = code(cell);
  for_each_order(cell, [&](const Places& places) {
    const std::uint32_t other = code(moved(cell, places));
    if (other == unlabeled) symmetries.push_back(places);
    return smallest = other >= unlabeled;
  });
  if (!smallest) return;
  for (unsigned vertex = 1;;) {
    const std::uint32_t labeled = code(cell);
    const auto precedes = [&](const Places& places) { return code(moved(cell, places)) < labeled; };
    if (std::ranges::none_of(symmetries, precedes)) codes.push_back(labeled);
    for (vertex = 1; cell.operations[vertex] == kOperations; ++vertex) cell.operations[vertex] = 1;
    if (cell.operations[vertex]++ == 0) return;  // all vertices are through, and this one does not exist
  }
}

std::vector<std::uint32_t> find_codes() {
  std::vector<std::uint32_t> codes;
  constexpr std::uint32_t kGraphs = 1U << kVertices * (kVertices - 1) / 2;
  for (std::uint32_t edges = 1; edges < kGraphs; ++edges) {
    if (std::popcount(edges) > kMostEdges) continue;
    Cell cell = cell_of(edges << 2 * (kVertices - 2));
    unsigned left = 1U << kOutput;
    unsigned entered = 1;
    for (unsigned vertex = 1; vertex < kVertices; ++vertex) {
      left |= cell.sources[vertex];
      entered |= (cell.sources[vertex] != 0 ? 1U : 0U) << vertex;
      cell.operations[vertex] = vertex < kOutput && cell.sources[vertex] != 0 ? 1 : 0;
    }
    if (left == entered) add_labelings(cell, codes);  // nothing is to be pruned
  }
  std::ranges::sort(codes);
  return codes;
}

}  // namespace

int Cell::edges() const {
  return std::accumulate(sources.begin(), sources.end(), 0,
                         [](int sum, unsigned from) { return sum + std::popcount(from); });
}

unsigned Cell::vertices() const {
  return static_cast<unsigned>(kVertices - std::ranges::count(operations, 0U));
}

bool leads_forward(const Cell& cell, const Places& places) {
  for (unsigned to = 1; to < kVertices; ++to)
    for (unsigned rest = cell.sources[to]; rest != 0; rest &= rest - 1)
      if (places[static_cast<unsigned>(std::countr_zero(rest))] >= places[to]) return false;
  return true;
}

Cell moved(const Cell& cell, const Places& places) {
  Cell result;
  for (unsigned to = 1; to < kVertices; ++to) {
    result.operations[places[to]] = cell.operations[to];
    for (unsigned rest = cell.sources[to]; rest != 0; rest &= rest - 1)
      result.flip_edge(places[static_cast<unsigned>(std::countr_zero(rest))], places[to]);
  }
  return result;
}

Cell pruned(Cell cell) {
  unsigned reached = 1;
  unsigned needed = 1U << kOutput;
  for (unsigned step = 1; step < kVertices; ++step) {
    for (unsigned vertex = 1; vertex < kVertices; ++vertex) {
      const bool exists = vertex == kOutput || cell.operations[vertex] != 0;
      if (exists && (cell.sources[vertex] & reached) != 0) reached |= 1U << vertex;
      if (exists && (needed >> vertex & 1U) != 0) needed |= cell.sources[vertex];
    }
  }
  const unsigned kept = reached & needed;
  if ((kept >> kOutput & 1U) == 0) return {};
  for (unsigned vertex = 1; vertex < kVertices; ++vertex) {
    const bool stays = (kept >> vertex & 1U) != 0;
    cell.sources[vertex] &= stays ? kept : 0U;
    if (!stays) cell.operations[vertex] = 0;
  }
  return cell;
}

Cell canonical(const Cell& cell) {
  const Cell rest = pruned(cell);
  Cell best;
  if (rest.edges() > kMostEdges) return best;
  for_each_order(rest, [&](const Places& places) {
    const Cell form = moved(rest, places);
    if (best.edges() == 0 || code(form) < code(best)) best = form;
    return true;
  });
  return best;
}

std::uint32_t code(const Cell& cell) {
  std::uint32_t number = 0;
  for (unsigned vertex = kOutput; vertex > 0; --vertex) number = number << vertex | cell.sources[vertex];
  for (unsigned vertex = 1; vertex < kOutput; ++vertex) number = number << 2 | cell.operations[vertex];
  return number;
}

Cell cell_of(std::uint32_t code) {
  Cell cell;
  for (unsigned vertex = kOutput - 1; vertex > 0; --vertex, code >>= 2) cell.operations[vertex] = code & 3U;
  for (unsigned vertex = 1; vertex < kVertices; code >>= vertex++)
    cell.sources[vertex] = code & ((1U << vertex) - 1);
  return cell;
}

const std::vector<std::uint32_t>& all_codes() {
  static const std::vector<std::uint32_t> codes = find_codes();
  return codes;
}

}  // namespace nasbench101
