#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

// The snippets of the NASLib paper, written with Graph in about as many lines.
namespace espalier {
namespace {

namespace ops = primitives;

const Scopes kStages{"stage_1", "stage_2", "stage_3"};
const std::vector<int> kChannels{16, 32, 64};

Graph dense(const std::string& name, int nodes) {
  Graph graph(name);
  graph.add_node_range(1, nodes).add_edges_densely();
  return graph;
}

// Snippets 3 and 6: NAS-Bench-201.
Graph nas_bench_201() {
  const Graph cell = dense("cell", 4);

  Graph macro("macro");
  macro.add_node_range(1, 20);
  for (int i = 1; i < 20; ++i) macro.add_edge(i, i + 1);

  macro.edge(1, 2).set_op(ops::stem(16));
  for (int i = 2; i < 7; ++i) macro.edge(i, i + 1).set_op(cell.copy().set_scope("stage_1"));
  macro.edge(7, 8).set_op(ops::residual_block(32));
  for (int i = 8; i < 13; ++i) macro.edge(i, i + 1).set_op(cell.copy().set_scope("stage_2"));
  macro.edge(13, 14).set_op(ops::residual_block(64));
  for (int i = 14; i < 19; ++i) macro.edge(i, i + 1).set_op(cell.copy().set_scope("stage_3"));
  macro.edge(19, 20).set_op(ops::classifier(10, true));

  for (std::size_t stage = 0; stage < kStages.size(); ++stage) {
    const int channels = kChannels[stage];
    macro.update_edges(
        [channels](EdgeData& edge) {
          edge.set_op(Candidates{ops::zero(), ops::identity(), ops::relu_conv_bn(channels, 1),
                                 ops::relu_conv_bn(channels, 3), ops::avg_pool()});
        },
        {kStages[stage]});
  }
  return macro;
}

// Snippet 5: the hierarchical space of Liu et al. (2018).
Graph hierarchical() {
  std::vector<Graph> motifs;
  for (int i = 0; i < 6; ++i) motifs.push_back(dense("motif_" + std::to_string(i), 4));
  const Graph cell = dense("cell", 5);

  std::vector<Graph> cells;
  for (std::size_t stage = 0; stage < kStages.size(); ++stage) {
    const int channels = kChannels[stage];
    Graph staged = cell.copy();
    // Level 2: motifs as candidates.
    staged.update_edges([&](EdgeData& edge) { edge.set_op(Candidates(motifs.begin(), motifs.end())); });
    staged.set_scope(kStages[stage]);
    // Level 1: primitives as candidates within the motifs.
    staged.update_edges([channels](EdgeData& edge) {
      if (edge.op().is_choice()) return;
      edge.set_op(Candidates{ops::identity(), ops::zero(), ops::max_pool(), ops::avg_pool(),
                             ops::sep_conv(channels, 3), ops::depthwise_conv_bn_relu(3),
                             ops::conv_bn_relu(channels, 1)});
    });
    staged.update_nodes([channels](Graph::NodeVisit& visit) {
      const bool motif_output = visit.id == 4 && visit.out_edges.empty();
      if (motif_output) visit.node.set_combine(ops::concat_project(channels));
    });
    cells.push_back(staged);
  }

  Graph macro("macro");
  macro.add_node_range(1, 9);
  for (int i = 1; i < 9; ++i) macro.add_edge(i, i + 1);
  macro.edge(1, 2).set_op(ops::stem(16));
  macro.edge(2, 3).set_op(cells[0]);
  macro.edge(3, 4).set_op(ops::sep_conv(32, 3, 2));
  macro.edge(4, 5).set_op(cells[1]);
  macro.edge(5, 6).set_op(ops::sep_conv(64, 3, 2));
  macro.edge(6, 7).set_op(cells[2]);
  macro.edge(7, 8).set_op(ops::sep_conv(64, 3));
  macro.edge(8, 9).set_op(ops::classifier(10));
  return macro;
}

/// The number of edges by their number of candidates.
std::map<std::size_t, int> choices(const Graph& graph, bool private_edge_data) {
  std::map<std::size_t, int> count;
  graph.visit_edges([&](const EdgeData& edge) { ++count[edge.op().candidates()->size()]; }, kStages,
                    private_edge_data);
  return count;
}

class Alphas : public Weighting {
 public:
  explicit Alphas(std::size_t size) : alpha_(size) {}
  std::size_t size() const override { return alpha_.size(); }

 private:
  std::vector<float> alpha_;
};

// Snippet 4: what a one-shot optimizer does to any space.
Graph relax(const Graph& space) {
  Graph graph = space.clone();
  graph.update_edges(
      [](EdgeData& edge) {
        const std::size_t size = edge.op().candidates()->size();
        edge.set<std::shared_ptr<Weighting>>("alpha", std::make_shared<Alphas>(size), Sharing::shared_data);
      },
      kStages, false);
  graph.update_edges(
      [](EdgeData& edge) {
        auto alpha = edge.get<std::shared_ptr<Weighting>>("alpha");
        edge.set_op(Mixed{*edge.op().candidates(), std::move(alpha)});
      },
      kStages);
  return graph;
}

TEST(Snippets, NasBench201SharesSixEdgesAmongFifteenCells) {
  const Graph space = nas_bench_201();
  EXPECT_EQ(choices(space, false), (std::map<std::size_t, int>{{5, 6}}));
  EXPECT_EQ(choices(space, true), (std::map<std::size_t, int>{{5, 15 * 6}}));
  EXPECT_EQ(space.instances(kStages).size(), 15U);
  EXPECT_EQ(space.instances({"stage_2"}).size(), 5U);
}

TEST(Snippets, NasBench201StagesDifferInPrivateOperationsOnly) {
  const Graph space = nas_bench_201();
  const auto convolution = [&](int from) {
    const Graph& cell = *space.edge(from, from + 1).op().graph();
    const Primitive& op = *cell.edge(1, 2).op().candidates()->at(3).primitive();
    return op.output_shape({.channels = kChannels[from / 6], .height = 8, .width = 8}).channels;
  };
  EXPECT_EQ(convolution(2), 16);
  EXPECT_EQ(convolution(8), 32);
  EXPECT_EQ(convolution(14), 64);
}

TEST(Snippets, HierarchicalSpaceSharesFortySixEdges) {
  const Graph space = hierarchical();
  EXPECT_EQ(choices(space, false), (std::map<std::size_t, int>{{7, 36}, {6, 10}}));
  EXPECT_EQ(choices(space, true), (std::map<std::size_t, int>{{7, 3 * 10 * 6 * 6}, {6, 3 * 10}}));
  EXPECT_EQ(space.instances(kStages).size(), 3U * (1 + 10 * 6));
}

TEST(Snippets, RelaxationGivesNasBench201SixWeightings) {
  const Graph space = nas_bench_201();
  const Graph relaxed = relax(space);
  const auto alphas = relaxed.all_edge_data<std::shared_ptr<Weighting>>("alpha");
  ASSERT_EQ(alphas.size(), 6U);
  for (const auto& alpha : alphas) EXPECT_EQ(alpha->size(), 5U);
  EXPECT_TRUE(space.all_edge_data<std::shared_ptr<Weighting>>("alpha").empty());
}

TEST(Snippets, RelaxationReachesTheMotifsOfTheHierarchicalSpace) {
  const Graph relaxed = relax(hierarchical());
  std::map<std::size_t, int> sizes;
  for (const auto& alpha : relaxed.all_edge_data<std::shared_ptr<Weighting>>("alpha")) ++sizes[alpha->size()];
  EXPECT_EQ(sizes, (std::map<std::size_t, int>{{7, 36}, {6, 10}}));

  int mixed = 0;
  std::map<const Weighting*, int> uses;
  relaxed.visit_edges(
      [&](const EdgeData& edge) {
        const Mixed* mix = edge.op().mixed();
        ASSERT_NE(mix, nullptr);
        ++mixed;
        ++uses[mix->weighting.get()];
      },
      kStages);
  EXPECT_EQ(mixed, 1110);
  EXPECT_EQ(uses.size(), 46U);
}

// Snippet 7, get_final_architecture: one candidate on every edge, the same in all copies.
TEST(Snippets, DiscretisationLeavesOneOperationOnEveryEdge) {
  Graph graph = hierarchical();
  graph.update_edges(
      [](EdgeData& edge) {
        Operation last = edge.op().candidates()->back();
        edge.set_op(std::move(last));
      },
      kStages);
  EXPECT_EQ(graph.instances(kStages).size(), 3U * (1 + 10));
  graph.visit_edges([](const EdgeData& edge) { EXPECT_FALSE(edge.op().is_choice()); });
}

}  // namespace
}  // namespace espalier
