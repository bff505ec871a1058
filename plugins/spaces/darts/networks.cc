#include "networks.h"

#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

namespace darts {
namespace {

namespace primitives = espalier::primitives;
using espalier::Graph;
using espalier::Operation;
using espalier::Primitive;
using espalier::Purpose;

constexpr int kFirstCell = 4;  ///< its node in the macro graph: 1 is the image, 2 and 3 hold the stem

bool is_reduction(int cell, int cells) { return cell == cells / 3 || cell == 2 * cells / 3; }

Primitive skip_connect(int channels, int stride) {
  return (stride == 1 ? primitives::identity() : primitives::factorized_reduce(channels))
      .renamed("skip_connect");
}

espalier::Candidates candidates(int channels, int stride) {
  return {
      primitives::zero(stride).renamed("none"),          primitives::max_pool(stride, /*batch_norm=*/true),
      primitives::avg_pool(stride, /*batch_norm=*/true), skip_connect(channels, stride),
      primitives::sep_conv(channels, 3, stride),         primitives::sep_conv(channels, 5, stride),
      primitives::dil_conv(channels, 3, stride),         primitives::dil_conv(channels, 5, stride),
  };
}

/// A chosen operation in a network that is trained from scratch: its path may be dropped unless it is an
/// identity, and pools lose the batch norm that they have in the supernet.
Primitive trained(const std::string& name, int channels, int stride) {
  if (name == "skip_connect" && stride == 1) return skip_connect(channels, stride);
  if (name == "max_pool_3x3") return primitives::with_drop_path(primitives::max_pool(stride));
  if (name == "avg_pool_3x3") return primitives::with_drop_path(primitives::avg_pool(stride));
  for (const Operation& candidate : candidates(channels, stride))
    if (candidate.name() == name) return primitives::with_drop_path(*candidate.primitive());
  throw espalier::Error({.what = "\"" + name + "\" is not an operation of the DARTS space"});
}

}  // namespace

Graph make_cell(const std::string& name) {
  Graph cell(name);
  cell.add_node_range(1, 6).add_edges_densely().remove_edge(1, 2).add_node(7);
  for (int node = 3; node <= 6; ++node) cell.add_edge(node, 7).edge(node, 7).set_final();
  cell.node(7).set_combine(primitives::concat());
  cell.on_prepare_discretization([](Graph& found) {
    for (const auto& [from, to] : found.edges())
      if (found.edge(from, to).op().name() == "none") found.remove_edge(from, to);
  });
  return cell;
}

Graph make_network(const NetworkSize& size, Purpose purpose, const Graph& normal_cell,
                   const Graph& reduction_cell) {
  Graph macro("darts");
  int channels = size.channels;
  macro.add_node_range(1, kFirstCell + size.cells).add_edges({{1, 2}, {2, 3}});
  macro.edge(1, 2).set_op(primitives::stem(3 * channels));
  bool after_reduction = false;
  for (int i = 0, stage = 1; i < size.cells; ++i) {
    const int node = kFirstCell + i;
    macro.add_edges({{node - 2, node}, {node - 1, node}});
    const bool reduces = is_reduction(i, size.cells);
    if (reduces) channels *= 2;
    Graph placed = (reduces ? reduction_cell : normal_cell).copy();
    placed.set_scope((reduces ? "reduction_" : "normal_") + std::to_string(stage));
    if (reduces) ++stage;
    // Input 1 comes from two cells back: after a reduction cell it is still twice as high and wide.
    placed.node(1).set_op(after_reduction ? primitives::factorized_reduce(channels)
                                          : primitives::relu_conv_bn(channels, 1));
    placed.node(2).set_op(primitives::relu_conv_bn(channels, 1));
    placed.update_edges([&](espalier::EdgeData& edge) {
      const int stride = reduces && edge.from() <= 2 ? 2 : 1;
      edge.set_op(purpose == Purpose::search ? Operation(candidates(channels, stride))
                                             : Operation(trained(edge.op().name(), channels, stride)));
    });
    macro.node(node).set_op(std::move(placed));
    if (purpose == Purpose::evaluation && size.auxiliary_head && i == 2 * size.cells / 3)
      macro.node(node).set_auxiliary_head(primitives::auxiliary_head(size.classes));
    after_reduction = reduces;
  }
  const int last = kFirstCell + size.cells;
  macro.add_edge(last - 1, last).edge(last - 1, last).set_op(primitives::classifier(size.classes));
  return macro;
}

Graph with_cells_of(const Graph& searched, int searched_cells, const NetworkSize& size) {
  const Graph& normal_cell = *searched.node(kFirstCell).op()->graph();
  const Graph& reduction_cell = *searched.node(kFirstCell + searched_cells / 3).op()->graph();
  return make_network(size, Purpose::evaluation, normal_cell, reduction_cell);
}

}  // namespace darts
