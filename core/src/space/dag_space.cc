#include "espalier/space/dag_space.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "space/dag/dag_changes.h"
#include "space/dag/dag_forms.h"
#include "space/dag/dag_string.h"

namespace espalier {
namespace {

DagShape shape_of(const DagCells& cells) {
  constexpr int most_vertices = Dag::kMostVertices;
  constexpr int most_edges = most_vertices * (most_vertices - 1) / 2;
  constexpr std::size_t most_operations = 7;
  const std::size_t operations = cells.operations.size();
  if (cells.vertices < 3 || cells.vertices > most_vertices || cells.edges < 2 || cells.edges > most_edges ||
      operations < 1 || operations > most_operations)
    throw Error({.what = fmt::format("cells of at most {} vertices, {} edges and {} kinds of operations",
                                     cells.vertices, cells.edges, operations),
                 .expected = fmt::format("3 to {} vertices, 2 to {} edges and 1 to {} kinds of operations",
                                         most_vertices, most_edges, most_operations)});
  return {.vertices = static_cast<unsigned>(cells.vertices),
          .operations = static_cast<unsigned>(operations),
          .edges = cells.edges};
}

/// Calls `visit(choice, candidate)` for what a cell chooses.
template <class Visit>
void for_each_choice(const Dag& dag, const DagShape& shape, const Visit& visit) {
  std::size_t choice = 0;
  for (unsigned to = 1; to < shape.vertices; ++to)
    for (unsigned from = 0; from < to; ++from) visit(choice++, dag.has_edge(from, to) ? 1U : 0U);
  for (unsigned vertex = 1; vertex < shape.output(); ++vertex) visit(choice++, dag.operations[vertex]);
}

void check_choices(const std::vector<Choice>& choices, const DagShape& shape) {
  std::vector<std::size_t> expected(shape.vertices * shape.output() / 2, 2);
  expected.insert(expected.end(), shape.vertices - 2, shape.operations + 1);
  const bool alike = std::ranges::equal(choices, expected, {},
                                        [](const Choice& choice) { return choice.candidates.size(); });
  if (alike) return;
  throw Error(
      {.what = fmt::format("the graph of a DagSpace has {} other choices than its cells", choices.size()),
       .expected = fmt::format("two candidates on each of the edges of dag_cell({}), and {} at each node "
                               "between the first and the last",
                               shape.vertices, shape.operations + 1)});
}

}  // namespace

DagSpace::DagSpace(SpaceDefinition definition, const DagCells& cells)
    : SearchSpace(std::move(definition)), cells_(cells), forms_(DagForms::of(shape_of(cells))) {
  check_choices(choices(), forms_->shape());
}
DagSpace::~DagSpace() = default;

void DagSpace::check_impl(const Architecture& architecture) const {
  const Dag dag = dag_of(architecture);
  if (std::ranges::binary_search(forms_->codes(), forms_->code(dag))) return;
  check_pruned(forms_->pruned(dag), "");
  throw UsageError({.what = "the cell has parts without effect, or its vertices are in another order",
                    .expected = print_dag(forms_->canonical(dag), cells_),
                    .remedy = "use what canonical() makes of the architecture"});
}

Architecture DagSpace::canonical_impl(const Architecture& architecture) const {
  const Dag form = forms_->canonical(dag_of(architecture));
  return form.edges() > 0 ? architecture_of(form) : architecture;
}

double DagSpace::size_impl() const { return static_cast<double>(forms_->codes().size()); }

Architecture DagSpace::at_impl(std::uint64_t index) const {
  const std::vector<std::uint64_t>& codes = forms_->codes();
  return architecture_of(forms_->dag_of(codes[std::min<std::uint64_t>(index, codes.size() - 1)]));
}

std::uint64_t DagSpace::index_of_impl(const Architecture& architecture) const {
  const std::vector<std::uint64_t>& codes = forms_->codes();
  return static_cast<std::uint64_t>(std::ranges::lower_bound(codes, forms_->code(dag_of(architecture))) -
                                    codes.begin());
}

Architecture DagSpace::sample_impl(Rng& rng) const { return at_impl(rng.below(forms_->codes().size())); }

Architecture DagSpace::mutate_impl(const Architecture& architecture, Rng& rng) const {
  return architecture_of(mutated(dag_of(architecture), *forms_, rng));
}

std::vector<Architecture> DagSpace::neighbours_impl(const Architecture& architecture) const {
  std::vector<Architecture> found;
  for (const Dag& dag : espalier::neighbours(dag_of(architecture), *forms_))
    found.push_back(architecture_of(dag));
  return found;
}

Architecture DagSpace::discretize_impl(const std::vector<std::vector<double>>& weights) const {
  double most = -1.0;
  std::uint64_t best = forms_->codes().front();
  for (const std::uint64_t code : forms_->codes()) {
    double product = 1.0;
    for_each_choice(forms_->dag_of(code), forms_->shape(),
                    [&](std::size_t choice, unsigned candidate) { product *= weights[choice][candidate]; });
    if (product <= most) continue;
    most = product;
    best = code;
  }
  return architecture_of(forms_->dag_of(best));
}

std::string DagSpace::to_string_impl(const Architecture& architecture) const {
  return print_dag(dag_of(architecture), cells_);
}

Architecture DagSpace::parse_impl(std::string_view text) const {
  const Dag dag = parse_dag(text, cells_);
  check_pruned(forms_->pruned(dag), quoted(text, 100));
  return architecture_of(forms_->canonical(dag));
}

void DagSpace::check_pruned(const Dag& dag, const std::string& where) const {
  if (dag.edges() == 0)
    throw UsageError({.what = "no path leads from the input of the cell to its output",
                      .where = where,
                      .expected = "a path along its edges and operations"});
  if (dag.edges() <= cells_.edges) return;
  throw UsageError(
      {.what = fmt::format("the cell has {} edges", dag.edges()),
       .where = where,
       .expected = fmt::format("at most {} on paths from its input to its output", cells_.edges)});
}

Dag DagSpace::dag_of(const Architecture& architecture) const {
  const DagShape& shape = forms_->shape();
  Dag dag;
  std::size_t choice = 0;
  for (unsigned to = 1; to < shape.vertices; ++to)
    for (unsigned from = 0; from < to; ++from)
      if (architecture[choice++] == 1) dag.flip_edge(from, to);
  for (unsigned vertex = 1; vertex < shape.output(); ++vertex)
    dag.operations[vertex] = architecture[choice++];
  return dag;
}

Architecture DagSpace::architecture_of(const Dag& dag) const {
  Architecture architecture = Architecture::zeros(choices().size());
  for_each_choice(dag, forms_->shape(),
                  [&](std::size_t choice, unsigned candidate) { architecture.set(choice, candidate); });
  return architecture;
}

Graph dag_cell(int vertices) {
  Graph cell("cell");
  cell.add_node_range(1, vertices).add_edges_densely();
  return cell;
}

}  // namespace espalier
