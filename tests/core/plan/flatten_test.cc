#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plan/layer_graph.h"

namespace espalier {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
constexpr Shape kSquare{4, 8, 8};

std::vector<std::string> names(const LayerGraph& layers) {
  std::vector<std::string> result;
  for (const LayerGraph::Node& node : layers.nodes) result.push_back(node.name);
  return result;
}

Primitive relu() { return {"relu", std::vector<Layer>{ReLU{}}}; }

Graph chain(std::vector<Operation> operations, const std::string& name = "chain") {
  Graph graph(name);
  graph.add_node(1);
  for (int node = 1; Operation & op : operations) {
    graph.add_node(node + 1).add_edge(node, node + 1);
    graph.edge(node, node + 1).set_op(std::move(op));
    ++node;
  }
  return graph;
}

Error refusal(const Graph& graph, const Shape& input = kSquare) {
  try {
    (void)flatten(graph, input, Purpose::search);
  } catch (const Error& error) {
    return error;
  }
  return Error({.what = "accepted"});
}

class FixedWeighting final : public Weighting {
 public:
  std::size_t size() const override { return 2; }
};

TEST(Flatten, OfNothingPassesTheImage) {
  Graph graph;
  graph.add_node(1);
  const LayerGraph layers = flatten(graph, kSquare, Purpose::search);
  EXPECT_TRUE(layers.nodes.empty());
  EXPECT_EQ(layers.output(), kSquare);
}

TEST(Flatten, CallsMacroPrimitivesByName) {
  const Graph macro = chain({primitives::stem(8), primitives::residual_block(16), relu(),
                             primitives::residual_block(16), relu(), primitives::classifier(10)});
  const LayerGraph layers = flatten(macro, {3, 8, 8}, Purpose::search);
  EXPECT_THAT(names(layers),
              testing::IsSupersetOf({"stem.conv", "stem.bn", "residual_block.shortcut_conv", "relu",
                                     "residual_block_2.shortcut_conv", "relu_2", "classifier.linear"}));
  EXPECT_EQ(layers.output(), (Shape{10, 1, 1}));
  EXPECT_EQ(layers.nodes.front().inputs, std::vector<int>{LayerGraph::kInput});
}

TEST(Flatten, CountsInstancesOfAGraphByScopeAndName) {
  const Graph cell = chain({primitives::relu_conv_bn(4, 3)}, "cell");
  const Graph macro = chain({cell.copy().set_scope("stage_1"), cell.copy().set_scope("stage_1"),
                             cell.copy().set_scope("stage_2"), cell.copy()});
  EXPECT_THAT(
      names(flatten(macro, kSquare, Purpose::search)),
      ElementsAre(
          "stage_1.cell_1.edge_1_2.relu_conv_bn_3x3.relu", "stage_1.cell_1.edge_1_2.relu_conv_bn_3x3.conv",
          "stage_1.cell_1.edge_1_2.relu_conv_bn_3x3.bn", "stage_1.cell_2.edge_1_2.relu_conv_bn_3x3.relu",
          "stage_1.cell_2.edge_1_2.relu_conv_bn_3x3.conv", "stage_1.cell_2.edge_1_2.relu_conv_bn_3x3.bn",
          "stage_2.cell_1.edge_1_2.relu_conv_bn_3x3.relu", "stage_2.cell_1.edge_1_2.relu_conv_bn_3x3.conv",
          "stage_2.cell_1.edge_1_2.relu_conv_bn_3x3.bn", "cell_1.edge_1_2.relu_conv_bn_3x3.relu",
          "cell_1.edge_1_2.relu_conv_bn_3x3.conv", "cell_1.edge_1_2.relu_conv_bn_3x3.bn"));
}

TEST(Flatten, SumsWhereSeveralEdgesMeetAndOnlyThere) {
  Graph cell("cell");
  cell.add_node_range(1, 3).add_edges_densely();
  const LayerGraph layers = flatten(chain({cell}), kSquare, Purpose::search);
  EXPECT_THAT(names(layers), ElementsAre("cell_1.edge_1_2.identity", "cell_1.edge_1_3.identity",
                                         "cell_1.edge_2_3.identity", "cell_1.node_3.sum"));
  EXPECT_EQ(layers.nodes.back().inputs, (std::vector<int>{1, 2}));
}

TEST(Flatten, CombinesAsTheNodeSays) {
  Graph graph;
  graph.add_node_range(1, 3).add_edges_densely();
  graph.node(3).set_combine(primitives::concat_project(5));
  graph.node(3).set_op(relu());
  const LayerGraph layers = flatten(graph, kSquare, Purpose::evaluation);
  EXPECT_THAT(names(layers),
              ElementsAre("identity", "identity_2", "identity_3", "node_3.concat_project.concat",
                          "node_3.concat_project.conv", "node_3.concat_project.bn", "relu"));
  EXPECT_EQ(layers.output(), (Shape{5, 8, 8}));
  EXPECT_EQ(layers.parameters(), 8 * 5 + 10);
}

TEST(Flatten, OfCandidatesIsAllOfThemAndAWeightedSum) {
  const auto weighting = std::make_shared<FixedWeighting>();
  const Candidates candidates{primitives::zero().renamed("none"), primitives::relu_conv_bn(4, 1)};
  const Graph cell = chain({candidates, Mixed{candidates, weighting}}, "cell");
  const LayerGraph layers = flatten(chain({cell}), kSquare, Purpose::search);
  EXPECT_THAT(names(layers),
              ElementsAre("cell_1.edge_1_2.none.zero", "cell_1.edge_1_2.relu_conv_bn_1x1.relu",
                          "cell_1.edge_1_2.relu_conv_bn_1x1.conv", "cell_1.edge_1_2.relu_conv_bn_1x1.bn",
                          "cell_1.edge_1_2.weighted_sum", "cell_1.edge_2_3.none.zero",
                          "cell_1.edge_2_3.relu_conv_bn_1x1.relu", "cell_1.edge_2_3.relu_conv_bn_1x1.conv",
                          "cell_1.edge_2_3.relu_conv_bn_1x1.bn", "cell_1.edge_2_3.weighted_sum"));
  EXPECT_EQ(layers.nodes[4].weighting, nullptr);
  EXPECT_EQ(layers.nodes[9].weighting, weighting);
  EXPECT_EQ(layers.nodes[9].inputs, (std::vector<int>{5, 8}));
  EXPECT_EQ(layers.parameters(), 2 * 16);
}

TEST(Flatten, GoesIntoMotifsAmongCandidates) {
  Graph motif = chain({relu(), primitives::conv_bn_relu(4, 3)}, "motif");
  const Graph cell = chain({Candidates{motif, motif, primitives::identity()}}, "cell");
  const LayerGraph layers = flatten(chain({cell}), kSquare, Purpose::search);
  EXPECT_THAT(names(layers),
              testing::IsSupersetOf({"cell_1.edge_1_2.motif.edge_1_2.relu",
                                     "cell_1.edge_1_2.motif.edge_2_3.conv_bn_relu_3x3.conv",
                                     "cell_1.edge_1_2.motif_2.edge_2_3.conv_bn_relu_3x3.conv",
                                     "cell_1.edge_1_2.identity", "cell_1.edge_1_2.weighted_sum"}));
}

TEST(Flatten, GivesAGraphOnANodeTheTensorsOneByOne) {
  Graph cell("cell");
  cell.add_nodes({1, 2, 3}).add_edges({{1, 3}, {2, 3}});
  cell.edge(1, 3).set_op(primitives::relu_conv_bn(4, 1));
  Graph macro;
  macro.add_node_range(1, 3).add_edges_densely();
  macro.edge(2, 3).set_op(relu());
  macro.node(3).set_op(cell);
  const LayerGraph layers = flatten(macro, kSquare, Purpose::search);
  EXPECT_THAT(names(layers),
              ElementsAre("identity", "identity_2", "relu", "cell_1.edge_1_3.relu_conv_bn_1x1.relu",
                          "cell_1.edge_1_3.relu_conv_bn_1x1.conv", "cell_1.edge_1_3.relu_conv_bn_1x1.bn",
                          "cell_1.edge_2_3.identity", "cell_1.node_3.sum"));
  EXPECT_EQ(layers.nodes[3].inputs, std::vector<int>{1});
  EXPECT_EQ(layers.nodes[6].inputs, std::vector<int>{2});
}

TEST(Flatten, NamesAreUniqueWhateverThePartsAreCalled) {
  const Graph macro =
      chain({relu(), relu().renamed("relu_2"), relu(), relu().renamed("a.b"),
             Primitive("a", std::vector<Primitive::Node>{{"b.relu", ReLU{}, {Primitive::kInput}}})});
  const std::vector<std::string> all = names(flatten(macro, kSquare, Purpose::search));
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

TEST(Flatten, KeepsLayersThatLeadNowhere) {
  Graph graph;
  graph.add_node_range(1, 3).add_edges({{1, 2}, {1, 3}});
  graph.edge(1, 2).set_op(primitives::relu_conv_bn(4, 3));
  const LayerGraph layers = flatten(graph, kSquare, Purpose::search);
  EXPECT_EQ(layers.parameters(), 9 * 16);
  EXPECT_EQ(layers.nodes.back().inputs, std::vector<int>{LayerGraph::kInput});
}

TEST(Flatten, CountsEachLayer) {
  const LayerGraph layers = flatten(chain({primitives::relu_conv_bn(6, 1)}), kSquare, Purpose::evaluation);
  EXPECT_EQ(layers.nodes[1].parameters, 24);
  EXPECT_EQ(layers.nodes[2].parameters, 12);
  EXPECT_EQ(layers.parameters(), 36);
  EXPECT_EQ(layers.flops(), 64 * (4 + 24 + 12));
  EXPECT_EQ(layers.nodes[1].multiply_adds, 64 * 24);
  EXPECT_EQ(layers.multiply_adds(), 64 * 24);
}

TEST(Flatten, AnAuxiliaryHeadIsBesideTheNetwork) {
  Graph graph = chain({primitives::relu_conv_bn(6, 1), primitives::classifier(10)});
  const LayerGraph without = flatten(graph, kSquare, Purpose::evaluation);
  EXPECT_EQ(without.auxiliary_output(), std::nullopt);
  graph.node(2).set_auxiliary_head(primitives::auxiliary_head(10));
  const LayerGraph with = flatten(graph, kSquare, Purpose::evaluation);
  EXPECT_EQ(with.parameters(), without.parameters());
  EXPECT_EQ(with.flops(), without.flops());
  EXPECT_EQ(with.multiply_adds(), without.multiply_adds());
  EXPECT_EQ(with.output(), without.output());
  ASSERT_TRUE(with.auxiliary_output());
  const LayerGraph::Node& head = with.nodes[static_cast<std::size_t>(*with.auxiliary_output())];
  EXPECT_EQ(head.name, "auxiliary_head.linear");
  EXPECT_EQ(head.shape, (Shape{10, 1, 1}));
  EXPECT_EQ(with.nodes[with.nodes.size() - 1].name, without.nodes.back().name);

  // At the last node the network's own output still leaves last.
  graph.node(3).set_auxiliary_head(primitives::classifier(3));
  EXPECT_THROW((void)flatten(graph, kSquare, Purpose::evaluation), Error) << "two of them";
  Graph last = chain({primitives::relu_conv_bn(6, 1)});
  last.node(2).set_auxiliary_head(primitives::classifier(3));
  EXPECT_EQ(flatten(last, kSquare, Purpose::evaluation).output(), (Shape{6, 8, 8}));
}

TEST(EnteringShapes, AreThoseOfEveryEdge) {
  const Graph cell = chain({relu(), primitives::relu_conv_bn(8, 3, 2)}, "cell");
  Graph macro = chain({cell.copy(), Candidates{cell.copy(), primitives::relu_conv_bn(8, 1, 2)}});
  const auto shapes = entering_shapes(macro, kSquare);
  EXPECT_EQ(shapes.size(), 6U);
  const Graph& first = *macro.edge(1, 2).op().graph();
  const Graph& second = *macro.edge(2, 3).op().candidates()->front().graph();
  EXPECT_EQ(shapes.at(&macro.edge(1, 2)), kSquare);
  EXPECT_EQ(shapes.at(&first.edge(1, 2)), kSquare);
  EXPECT_EQ(shapes.at(&first.edge(2, 3)), kSquare);
  EXPECT_EQ(shapes.at(&macro.edge(2, 3)), (Shape{8, 4, 4}));
  EXPECT_EQ(shapes.at(&second.edge(1, 2)), (Shape{8, 4, 4}));
  EXPECT_EQ(shapes.at(&second.edge(2, 3)), (Shape{8, 4, 4}));
}

TEST(Flatten, SaysWhereShapesDoNotFit) {
  Graph cell("cell");
  cell.add_node_range(1, 3).add_edges_densely();
  cell.edge(2, 3).set_op(primitives::relu_conv_bn(5, 3));
  const Error error = refusal(chain({cell.copy().set_scope("stage_1")}));
  EXPECT_EQ(error.details().where, "stage_1.cell_1.node_3.sum");
  EXPECT_THAT(error.what(), HasSubstr("4×8×8, 5×8×8"));

  EXPECT_EQ(refusal(chain({chain({primitives::relu_conv_bn(4, 3),
                                  Primitive("big", std::vector<Layer>{Conv2d{.kernel = 99}})},
                                 "cell")}))
                .details()
                .where,
            "cell_1.edge_2_3.big.conv");
}

TEST(Flatten, RefusesGraphsThatNothingFits) {
  Graph two("two");
  two.add_node_range(1, 3).add_edges({{1, 3}, {2, 3}});
  EXPECT_THAT(refusal(two).what(), HasSubstr("2 input nodes, and 1 tensors"));
  EXPECT_EQ(refusal(chain({two})).details().where, "two_1");
  EXPECT_THAT(refusal(chain({Candidates{}})).what(), HasSubstr("without candidates"));
  EXPECT_THAT(refusal(Graph("empty")).what(), HasSubstr("0 input nodes"));
}

}  // namespace
}  // namespace espalier
