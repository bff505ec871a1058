#include "networks.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

namespace nasbench101 {
namespace {

namespace primitives = espalier::primitives;
using espalier::Graph;
using espalier::Operation;
using espalier::Primitive;

constexpr int kInputNode = 1;
constexpr int kOutputNode = 7;
using Widths = std::array<int, kOutputNode + 1>;  ///< by node

Primitive none(int channels) { return primitives::zero(1, channels).renamed("none"); }
Primitive projection(int channels) { return primitives::conv_bn_relu(channels, 1).renamed("projection"); }

espalier::Candidates operations(int channels) {
  const std::vector<std::string>& names = cells().operations;
  return {none(channels), primitives::conv_bn_relu(channels, 3).renamed(names[0]),
          primitives::conv_bn_relu(channels, 1).renamed(names[1]), primitives::max_pool().renamed(names[2])};
}

/// Leaves the edges and vertices that were chosen.
void remove_none(Graph& cell) {
  for (const auto& [from, to] : cell.edges())
    if (cell.edge(from, to).op().name() == "none") cell.remove_edge(from, to);
  for (int node = kInputNode + 1; node < kOutputNode; ++node)
    if (cell.node(node).op()->name() == "none") cell.remove_node(node);
}

/// The channels of each node. The output's are shared out over the vertices that it reads.
Widths widths_in(const Graph& cell, int channels) {
  Widths widths = {};
  int sharers = 0;
  for (const auto& [from, to] : cell.in_edges(kOutputNode)) sharers += from == kInputNode ? 0 : 1;
  int left = channels;
  for (const auto& [from, to] : cell.in_edges(kOutputNode)) {
    if (from == kInputNode) continue;
    left -= widths[static_cast<std::size_t>(from)] = (left + sharers - 1) / sharers;
    --sharers;
  }
  for (int node = kOutputNode - 1; node > kInputNode; --node) {
    if (!cell.has_node(node) || cell.has_edge(node, kOutputNode)) continue;
    int& width = widths[static_cast<std::size_t>(node)];
    for (const auto& [from, to] : cell.out_edges(node))
      width = std::max(width, widths[static_cast<std::size_t>(to)]);
  }
  widths[kOutputNode] = channels;
  return widths;
}

void make_published(Graph& cell, int channels) {
  remove_none(cell);
  const Widths widths = widths_in(cell, channels);
  for (const auto& [from, to] : cell.edges()) {
    const int width = widths[static_cast<std::size_t>(to)];
    if (from == kInputNode)
      cell.edge(from, to).set_op(projection(width));
    else if (to != kOutputNode && widths[static_cast<std::size_t>(from)] > width)
      cell.edge(from, to).set_op(Primitive("truncate", {espalier::Slice{.begin = 0, .channels = width}}));
  }
  for (int node = kInputNode + 1; node < kOutputNode; ++node) {
    if (!cell.has_node(node)) continue;
    for (Operation& operation : operations(widths[static_cast<std::size_t>(node)]))
      if (operation.name() == cell.node(node).op()->name()) cell.node(node).set_op(operation);
  }
  const std::size_t read = cell.in_edges(kOutputNode).size();
  const bool adds_input = cell.has_edge(kInputNode, kOutputNode) && read > 1;
  if (adds_input) {
    constexpr int kSum = kOutputNode + 1;
    cell.remove_edge(kInputNode, kOutputNode)
        .add_node(kSum)
        .add_edges({{kInputNode, kSum}, {kOutputNode, kSum}});
    cell.edge(kInputNode, kSum).set_op(projection(channels));
  }
  if (read > (adds_input ? 2 : 1)) cell.node(kOutputNode).set_combine(primitives::concat());
}

}  // namespace

const espalier::DagCells& cells() {
  static const espalier::DagCells all = {.title = "NAS-Bench-101",
                                         .vertices = kOutputNode,
                                         .edges = 9,
                                         .operations = {"conv3x3-bn-relu", "conv1x1-bn-relu", "maxpool3x3"}};
  return all;
}

Graph make_cell(Graph skeleton, int channels) {
  skeleton.update_edges([&](espalier::EdgeData& edge) {
    const Primitive present = edge.from() == kInputNode ? projection(channels) : primitives::identity();
    edge.set_op(espalier::Candidates{none(channels), present});
  });
  for (int node = kInputNode + 1; node < kOutputNode; ++node)
    skeleton.node(node).set_op(operations(channels));
  skeleton.on_prepare_discretization([channels](Graph& cell) { make_published(cell, channels); });
  return skeleton;
}

}  // namespace nasbench101
