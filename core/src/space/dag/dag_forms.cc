#include "space/dag/dag_forms.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>

namespace espalier {

DagForms::DagForms(const DagShape& shape)
    : shape_(shape), operation_bits_(static_cast<unsigned>(std::bit_width(shape.operations))) {}

std::shared_ptr<const DagForms> DagForms::of(const DagShape& shape) {
  static std::mutex mutex;
  static std::map<DagShape, std::shared_ptr<const DagForms>> known;
  const std::lock_guard lock(mutex);
  std::shared_ptr<const DagForms>& forms = known[shape];
  if (!forms) forms = std::make_shared<const DagForms>(shape);
  return forms;
}

/// Calls `visit` for all orders of the vertices of a pruned cell in which edges lead forward, until it
/// returns false. What the cell lacks comes last.
template <class Visit>
void DagForms::for_each_order(const Dag& dag, const Visit& visit) const {
  std::array<unsigned, Dag::kMostVertices> order;
  std::iota(order.begin(), order.end(), 0U);
  auto* const inner = order.begin() + 1;
  auto* const output = order.begin() + shape_.output();
  auto* const lacking =
      std::stable_partition(inner, output, [&](unsigned vertex) { return dag.operations[vertex] != 0; });
  do {
    Places places;
    for (unsigned place = 0; place < Dag::kMostVertices; ++place) places[order[place]] = place;
    if (leads_forward(dag, places) && !visit(places)) return;
  } while (std::next_permutation(inner, lacking));
}

/// Adds the canonical cells that have the edges of `dag`, whose operations are all 1.
void DagForms::add_labelings(Dag dag, std::vector<std::uint64_t>& codes) const {
  // Only what maps the edges onto themselves can turn one labeling into another.
  std::vector<Places> symmetries;
  bool smallest = true;
  const std::uint64_t unlabeled = code(dag);
  for_each_order(dag, [&](const Places& places) {
    const std::uint64_t other = code(moved(dag, places));
    if (other == unlabeled) symmetries.push_back(places);
    return smallest = other >= unlabeled;
  });
  if (!smallest) return;
  for (unsigned vertex = 1;;) {
    const std::uint64_t labeled = code(dag);
    const auto precedes = [&](const Places& places) { return code(moved(dag, places)) < labeled; };
    if (std::ranges::none_of(symmetries, precedes)) codes.push_back(labeled);
    for (vertex = 1; dag.operations[vertex] == shape_.operations; ++vertex) dag.operations[vertex] = 1;
    if (dag.operations[vertex]++ == 0) return;  // all vertices are through, and this one does not exist
  }
}

std::vector<std::uint64_t> DagForms::find_codes() const {
  std::vector<std::uint64_t> codes;
  const unsigned pairs = shape_.vertices * shape_.output() / 2;
  const unsigned inner = shape_.vertices - 2;
  for (std::uint64_t edges = 1; edges < std::uint64_t{1} << pairs; ++edges) {
    if (std::popcount(edges) > shape_.edges) continue;
    Dag dag = dag_of(edges << inner * operation_bits_);
    unsigned left = 1U << shape_.output();
    unsigned entered = 1;
    for (unsigned vertex = 1; vertex < shape_.vertices; ++vertex) {
      left |= dag.sources[vertex];
      entered |= (dag.sources[vertex] != 0 ? 1U : 0U) << vertex;
      dag.operations[vertex] = vertex < shape_.output() && dag.sources[vertex] != 0 ? 1 : 0;
    }
    if (left == entered) add_labelings(dag, codes);  // nothing is to be pruned
  }
  std::ranges::sort(codes);
  return codes;
}

const std::vector<std::uint64_t>& DagForms::codes() const {
  std::call_once(found_, [this] { codes_ = find_codes(); });
  return codes_;
}

Dag DagForms::pruned(Dag dag) const {
  unsigned reached = 1;
  unsigned needed = 1U << shape_.output();
  for (unsigned step = 1; step < shape_.vertices; ++step) {
    for (unsigned vertex = 1; vertex < shape_.vertices; ++vertex) {
      const bool exists = vertex == shape_.output() || dag.operations[vertex] != 0;
      if (exists && (dag.sources[vertex] & reached) != 0) reached |= 1U << vertex;
      if (exists && (needed >> vertex & 1U) != 0) needed |= dag.sources[vertex];
    }
  }
  const unsigned kept = reached & needed;
  if ((kept >> shape_.output() & 1U) == 0) return {};
  for (unsigned vertex = 1; vertex < shape_.vertices; ++vertex) {
    const bool stays = (kept >> vertex & 1U) != 0;
    dag.sources[vertex] &= stays ? kept : 0U;
    if (!stays) dag.operations[vertex] = 0;
  }
  return dag;
}

Dag DagForms::canonical(const Dag& dag) const {
  const Dag rest = pruned(dag);
  Dag best;
  if (rest.edges() > shape_.edges) return best;
  for_each_order(rest, [&](const Places& places) {
    const Dag form = moved(rest, places);
    if (best.edges() == 0 || code(form) < code(best)) best = form;
    return true;
  });
  return best;
}

std::uint64_t DagForms::code(const Dag& dag) const {
  std::uint64_t number = 0;
  for (unsigned vertex = shape_.output(); vertex > 0; --vertex)
    number = number << vertex | dag.sources[vertex];
  for (unsigned vertex = 1; vertex < shape_.output(); ++vertex)
    number = number << operation_bits_ | dag.operations[vertex];
  return number;
}

Dag DagForms::dag_of(std::uint64_t code) const {
  const auto take = [&code](unsigned bits) {
    const auto value = static_cast<unsigned>(code & ((std::uint64_t{1} << bits) - 1));
    code >>= bits;
    return value;
  };
  Dag dag;
  for (unsigned vertex = shape_.output() - 1; vertex > 0; --vertex)
    dag.operations[vertex] = take(operation_bits_);
  for (unsigned vertex = 1; vertex < shape_.vertices; ++vertex) dag.sources[vertex] = take(vertex);
  return dag;
}

}  // namespace espalier
