#include "space/dag/dag.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace espalier {

int Dag::edges() const {
  return std::accumulate(sources.begin(), sources.end(), 0,
                         [](int sum, unsigned from) { return sum + std::popcount(from); });
}

unsigned Dag::vertices() const {
  return static_cast<unsigned>(kMostVertices - std::ranges::count(operations, 0U));
}

bool leads_forward(const Dag& dag, const Places& places) {
  for (unsigned to = 1; to < Dag::kMostVertices; ++to)
    for (unsigned rest = dag.sources[to]; rest != 0; rest &= rest - 1)
      if (places[static_cast<unsigned>(std::countr_zero(rest))] >= places[to]) return false;
  return true;
}

Dag moved(const Dag& dag, const Places& places) {
  Dag result;
  for (unsigned to = 1; to < Dag::kMostVertices; ++to) {
    result.operations[places[to]] = dag.operations[to];
    for (unsigned rest = dag.sources[to]; rest != 0; rest &= rest - 1)
      result.flip_edge(places[static_cast<unsigned>(std::countr_zero(rest))], places[to]);
  }
  return result;
}

}  // namespace espalier
