#include "space/dag/dag_changes.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace espalier {
namespace {

unsigned below(unsigned count, Rng& rng) { return static_cast<unsigned>(rng.below(count)); }

/// In a random order, and with all vertices.
Dag shuffled(Dag dag, const DagShape& shape, Rng& rng) {
  for (unsigned vertex = 1; vertex < shape.output(); ++vertex)
    if (dag.operations[vertex] == 0) dag.operations[vertex] = 1 + below(shape.operations, rng);
  Places places;
  std::iota(places.begin(), places.end(), 0U);
  do
    for (unsigned left = shape.vertices - 2; left > 1; --left)
      std::swap(places[left], places[1 + below(left, rng)]);
  while (!leads_forward(dag, places));
  return moved(dag, places);
}

}  // namespace

Dag mutated(const Dag& parent, const DagForms& forms, Rng& rng) {
  const DagShape& shape = forms.shape();
  for (;;) {
    Dag mutant = shuffled(parent, shape, rng);
    for (unsigned to = 1; to < shape.vertices; ++to)
      for (unsigned from = 0; from < to; ++from)
        if (rng.below(shape.vertices) == 0) mutant.flip_edge(from, to);
    for (unsigned vertex = 1; shape.operations > 1 && vertex < shape.output(); ++vertex) {
      unsigned& operation = mutant.operations[vertex];
      if (rng.below(shape.vertices - 2) == 0)
        operation = 1 + (operation + below(shape.operations - 1, rng)) % shape.operations;
    }
    mutant = forms.canonical(mutant);
    if (mutant.edges() > 0 && mutant != parent) return mutant;
  }
}

std::vector<Dag> neighbours(const Dag& dag, const DagForms& forms) {
  const DagShape& shape = forms.shape();
  std::vector<Dag> found;
  const unsigned vertices = dag.vertices();
  const auto add = [&](const Dag& changed, unsigned expected) {
    const Dag form = forms.canonical(changed);
    if (form.edges() == 0 || form.vertices() != expected || form == dag) return;
    if (std::ranges::find(found, form) == found.end()) found.push_back(form);
  };
  for (unsigned vertex = 1; vertex <= vertices; ++vertex) {
    for (unsigned operation = 1; operation <= shape.operations; ++operation) {
      Dag changed = dag;
      changed.operations[vertex] = operation;
      add(changed, vertices);
    }
  }
  const auto lacks = [&](unsigned vertex) { return vertex > vertices && vertex < shape.output(); };
  for (unsigned to = 1; to < shape.vertices; ++to) {
    for (unsigned from = 0; from < shape.output(); ++from) {
      if (from == to || lacks(from) || lacks(to)) continue;
      Dag flipped = dag;
      flipped.flip_edge(from, to);
      add(flipped, vertices);
      for (unsigned operation = 1; vertices < shape.vertices - 2 && operation <= shape.operations;
           ++operation) {
        Dag grown = dag;
        grown.operations[vertices + 1] = operation;
        grown.flip_edge(from, vertices + 1);
        grown.flip_edge(vertices + 1, to);
        add(grown, vertices + 1);
      }
    }
  }
  for (unsigned vertex = 1; vertex <= vertices; ++vertex) {
    Dag shrunk = dag;
    shrunk.operations[vertex] = 0;
    if (dag.edges() - forms.pruned(shrunk).edges() == 2) add(shrunk, vertices - 1);
  }
  return found;
}

}  // namespace espalier
