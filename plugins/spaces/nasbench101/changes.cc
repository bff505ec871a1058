#include "changes.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace nasbench101 {
namespace {

using espalier::Rng;

constexpr unsigned kInner = kVertices - 2;

unsigned below(unsigned count, Rng& rng) { return static_cast<unsigned>(rng.below(count)); }

/// In a random order, and with all seven vertices.
Cell shuffled(Cell cell, Rng& rng) {
  for (unsigned vertex = 1; vertex < kOutput; ++vertex)
    if (cell.operations[vertex] == 0) cell.operations[vertex] = 1 + below(kOperations, rng);
  Places places;
  std::iota(places.begin(), places.end(), 0U);
  do
    for (unsigned left = kInner; left > 1; --left) std::swap(places[left], places[1 + below(left, rng)]);
  while (!leads_forward(cell, places));
  return moved(cell, places);
}

}  // namespace

Cell mutate(const Cell& parent, Rng& rng) {
  for (;;) {
    Cell mutant = shuffled(parent, rng);
    for (unsigned to = 1; to < kVertices; ++to)
      for (unsigned from = 0; from < to; ++from)
        if (rng.below(kVertices) == 0) mutant.flip_edge(from, to);
    for (unsigned vertex = 1; vertex < kOutput; ++vertex) {
      unsigned& operation = mutant.operations[vertex];
      if (rng.below(kInner) == 0) operation = 1 + (operation + below(kOperations - 1, rng)) % kOperations;
    }
    mutant = canonical(mutant);
    if (mutant.edges() > 0 && mutant != parent) return mutant;
  }
}

std::vector<Cell> neighbours(const Cell& cell) {
  std::vector<Cell> found;
  const unsigned vertices = cell.vertices();
  const auto add = [&](const Cell& changed, unsigned expected) {
    const Cell form = canonical(changed);
    if (form.edges() == 0 || form.vertices() != expected || form == cell) return;
    if (std::ranges::find(found, form) == found.end()) found.push_back(form);
  };
  for (unsigned vertex = 1; vertex <= vertices; ++vertex) {
    for (unsigned operation = 1; operation <= kOperations; ++operation) {
      Cell changed = cell;
      changed.operations[vertex] = operation;
      add(changed, vertices);
    }
  }
  const auto lacks = [&](unsigned vertex) { return vertex > vertices && vertex < kOutput; };
  for (unsigned to = 1; to < kVertices; ++to) {
    for (unsigned from = 0; from < kOutput; ++from) {
      if (from == to || lacks(from) || lacks(to)) continue;
      Cell flipped = cell;
      flipped.flip_edge(from, to);
      add(flipped, vertices);
      for (unsigned operation = 1; vertices < kInner && operation <= kOperations; ++operation) {
        Cell grown = cell;
        grown.operations[vertices + 1] = operation;
        grown.flip_edge(from, vertices + 1);
        grown.flip_edge(vertices + 1, to);
        add(grown, vertices + 1);
      }
    }
  }
  for (unsigned vertex = 1; vertex <= vertices; ++vertex) {
    Cell shrunk = cell;
    shrunk.operations[vertex] = 0;
    if (cell.edges() - pruned(shrunk).edges() == 2) add(shrunk, vertices - 1);
  }
  return found;
}

}  // namespace nasbench101
