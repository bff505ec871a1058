#include "picture/graph_picture.h"

#include <gmock/gmock.h>

#include <string>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

namespace espalier::picture {
namespace {

namespace ops = primitives;

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Graph dense(const std::string& name, int nodes) {
  Graph graph(name);
  graph.add_node_range(1, nodes).add_edges_densely();
  return graph;
}

/// Operations in a row, on the edges of a graph.
Graph chain(const std::vector<Operation>& operations) {
  Graph graph("macro");
  for (const Operation& operation : operations) graph.append(operation);
  return graph;
}

Graph with(Graph graph, const Operation& operation) {
  graph.set_scope("cells");
  graph.update_edges([&](EdgeData& edge) { edge.set_op(operation); });
  return graph;
}

const Candidates kCandidates{ops::zero(), ops::identity(), ops::max_pool(), ops::avg_pool()};

std::string describe(const Graph& graph) { return describe_picture(graph, graph); }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// The color of the part that is called `id`, or of the word in a list of candidates.
std::string color_of(const std::string& picture, const std::string& id) {
  const std::size_t line = picture.find("    \"" + id + "\" [");
  const std::size_t color = picture.find("fillcolor=\"", line);
  return picture.substr(color + 11, picture.find('"', color + 11) - color - 11);
}

TEST(GraphPicture, FoldsEqualBlocksOfAChain) {
  const Graph cell = with(dense("cell", 3), kCandidates);
  const std::string picture =
      describe(chain({ops::stem(8), cell, cell, ops::residual_block(16), cell, ops::classifier(10)}));
  EXPECT_THAT(picture, AllOf(HasSubstr("<image>"), HasSubstr("<stem>"), HasSubstr("<<B>cell ×2</B>>"),
                             HasSubstr("<<B>cell</B>>"), HasSubstr("<classifier>")));
  EXPECT_THAT(picture, AllOf(HasSubstr("\"macro.block_3\" -> \"macro.block_4\""),
                             Not(HasSubstr("\"macro.block_1\" -> \"macro.block_3\""))));
}

TEST(GraphPicture, DrawsEveryKindOfCellOnceAndItsCandidatesOnce) {
  const Graph cell = with(dense("cell", 3), kCandidates);
  const std::string picture = describe(chain({ops::stem(8), cell, ops::residual_block(16), cell}));
  EXPECT_EQ(count(picture, "subgraph"), 2U);
  EXPECT_EQ(count(picture, "one of"), 1U);
  EXPECT_EQ(count(picture, ">max_pool_3x3<"), 1U);
  EXPECT_EQ(count(picture, "style=striped"), 3U);
}

TEST(GraphPicture, TellsCellsOfOneNameApart) {
  const std::string picture =
      describe(chain({with(dense("cell", 3), kCandidates), with(dense("cell", 4), kCandidates)}));
  EXPECT_EQ(count(picture, "subgraph"), 3U);
  EXPECT_THAT(picture,
              AllOf(HasSubstr("<B>cell (1)</B>"), HasSubstr("<B>cell (2)</B>"), Not(HasSubstr("×"))));
}

TEST(GraphPicture, ListsTheCandidatesOfEdgesThatDiffer) {
  Graph cell = with(dense("cell", 3), kCandidates);
  cell.edge(1, 2).set_op(Candidates{ops::identity(), ops::sep_conv(8, 5)});
  const std::string picture = describe(cell);
  EXPECT_EQ(count(picture, "one of"), 2U);
  EXPECT_EQ(count(color_of(picture, "cell.edge_1_2"), "#"), 2U);
  EXPECT_EQ(count(color_of(picture, "cell.edge_1_3"), "#"), 4U);
}

TEST(GraphPicture, GivesWhatIsChosenTheColorsOfItsSpace) {
  const Graph space = with(dense("cell", 3), kCandidates);
  const std::string pool = describe_picture(with(dense("cell", 3), ops::avg_pool()), space);
  EXPECT_THAT(pool, HasSubstr("\"cell.edge_1_2\" [label=<avg_pool_3x3>"));
  EXPECT_THAT(describe(space), HasSubstr(color_of(pool, "cell.edge_1_2") + "\">avg_pool_3x3<"));
  const std::string other = describe_picture(with(dense("cell", 3), ops::max_pool()), space);
  EXPECT_NE(color_of(pool, "cell.edge_1_2"), color_of(other, "cell.edge_1_2"));
}

TEST(GraphPicture, DashesEdgesThatLetNothingThrough) {
  Graph cell = with(dense("cell", 3), ops::identity());
  cell.edge(1, 3).set_op(ops::zero().renamed("none"));
  EXPECT_THAT(describe(cell),
              AllOf(HasSubstr("\"cell.node_1\" -> \"cell.node_3\" [style=dashed"),
                    HasSubstr("dashed: nothing passes (none)"),
                    HasSubstr("\"cell.edge_1_2\" [label=<identity>"), Not(HasSubstr("cell.edge_1_3"))));
}

TEST(GraphPicture, GreysWhatNothingReachesAndWhatLeadsNowhere) {
  Graph cell = with(dense("cell", 5), ops::zero().renamed("none"));
  cell.edge(1, 5).set_op(ops::avg_pool());      // the only way
  cell.edge(2, 5).set_op(ops::max_pool());      // nothing reaches 2
  cell.edge(1, 3).set_op(ops::sep_conv(8, 3));  // 3 leads nowhere
  const std::string picture = describe(cell);
  const auto is_dead = [&](const std::string& id) { return color_of(picture, id) == "#f7f7f7"; };
  EXPECT_FALSE(is_dead("cell.node_1") || is_dead("cell.edge_1_5") || is_dead("cell.node_5"));
  EXPECT_TRUE(is_dead("cell.node_2") && is_dead("cell.edge_2_5"));
  EXPECT_TRUE(is_dead("cell.node_3") && is_dead("cell.edge_1_3") && is_dead("cell.node_4"));
  EXPECT_THAT(picture, AllOf(HasSubstr("\"cell.node_2\" -> \"cell.edge_2_5\" [dir=none, style=dashed"),
                             HasSubstr("\"cell.edge_1_5\" -> \"cell.node_5\";")));
}

TEST(GraphPicture, GreysAMotifThatLetsNothingThrough) {
  const Graph dead = with(dense("dead", 3), ops::zero());
  Graph cell = with(dense("cell", 3), with(dense("motif", 3), ops::max_pool()));
  cell.edge(1, 2).set_op(dead);
  const std::string picture = describe(cell);
  EXPECT_EQ(color_of(picture, "cell.edge_1_2"), "#f7f7f7");
  EXPECT_EQ(color_of(picture, "cell.node_2"), "#f7f7f7");
  EXPECT_NE(color_of(picture, "cell.edge_1_3"), "#f7f7f7");
}

TEST(GraphPicture, GivesAnOperationOneColorInAllSpaces) {
  const auto color_in = [](const Candidates& candidates, const Primitive& chosen) {
    return color_of(describe_picture(with(dense("cell", 3), chosen), with(dense("cell", 3), candidates)),
                    "cell.edge_1_2");
  };
  const Primitive own = Primitive("own", {{Conv2d{.kernel = 7, .groups = 4}, ReLU{}}});
  for (const Primitive& chosen : {ops::max_pool(), ops::sep_conv(8, 3), ops::relu_conv_bn(8, 3), own}) {
    const std::string color = color_in({ops::zero(), chosen, ops::avg_pool()}, chosen);
    EXPECT_EQ(color_in({ops::dil_conv(8, 3), ops::identity(), chosen}, chosen), color) << chosen.name();
    EXPECT_NE(color_in({ops::zero(), chosen, ops::avg_pool()}, ops::avg_pool()), color);
  }
  // Whatever it is called, however it is normalized.
  const Primitive other = ops::conv_bn_relu(16, 3).renamed("conv3");
  EXPECT_EQ(color_in({other}, other), color_in({ops::relu_conv_bn(8, 3)}, ops::relu_conv_bn(8, 3)));
  const Primitive pool = ops::max_pool(1, /*batch_norm=*/true);
  EXPECT_EQ(color_in({pool}, pool), color_in({ops::max_pool()}, ops::max_pool()));
}

TEST(GraphPicture, TellsTwoOperationsApartThatDoAlike) {
  const Primitive first = ops::relu_conv_bn(8, 3);
  const Primitive second = ops::conv_bn_relu(8, 3);
  const Graph space = with(dense("cell", 3), Candidates{first, second});
  const auto color = [&](const Primitive& chosen) {
    return color_of(describe_picture(with(dense("cell", 3), chosen), space), "cell.edge_1_2");
  };
  EXPECT_NE(color(first), color(second));
}

TEST(GraphPicture, DrawsMotifsThatLookAlikeOnceAndOthersApart) {
  const Graph first = with(dense("motif_1", 3), kCandidates);
  const Graph second = with(dense("motif_2", 3), kCandidates);
  const Graph space = with(dense("cell", 3), Candidates{first, second});
  EXPECT_THAT(describe(space), AllOf(HasSubstr(">motif_1</FONT></B></TD><TD "), HasSubstr(">motif_1</TD>"),
                                     HasSubstr(">motif_2</TD>")));

  Graph chosen = with(dense("cell", 3), with(dense("motif_2", 3), ops::avg_pool()));
  chosen.edge(1, 2).set_op(with(dense("motif_1", 3), ops::max_pool()));
  const std::string picture = describe_picture(chosen, space);
  EXPECT_EQ(count(picture, "subgraph"), 3U);
  EXPECT_THAT(picture, AllOf(HasSubstr("\"cell.edge_1_2\" [label=<<B>motif_1</B>>"),
                             HasSubstr("\"motif_1.edge_1_2\" [label=<max_pool_3x3>"),
                             HasSubstr("\"motif_2.edge_1_2\" [label=<avg_pool_3x3>")));
}

/// Of the form of DARTS: two inputs, brought to the cell's channels; the output concatenates.
Graph cell_of_two_inputs(const std::string& name) {
  Graph cell(name);
  cell.add_node_range(1, 4).add_edges({{1, 3}, {2, 3}}).set_scope("cells");
  cell.update_edges([](EdgeData& edge) { edge.set_op(kCandidates); });
  cell.add_edges({{1, 4}, {3, 4}});
  cell.edge(1, 4).set_final();
  cell.edge(3, 4).set_final();
  cell.node(1).set_op(ops::relu_conv_bn(8, 1));
  cell.node(4).set_combine(ops::concat());
  return cell;
}

TEST(GraphPicture, DrawsCellsOfSeveralInputsThatConcatenate) {
  const std::string picture = describe(cell_of_two_inputs("cell"));
  EXPECT_THAT(picture, AllOf(HasSubstr("<input 1>"), HasSubstr("<input 2>"), HasSubstr("<output<BR/>concat>"),
                             HasSubstr("\"cell.node_3\" -> \"cell.node_4\";"), HasSubstr("label=<3>"),
                             Not(HasSubstr("relu_conv_bn"))));
}

TEST(GraphPicture, ShowsWhichCellsAChainOfCellsReads) {
  Graph macro("macro");
  macro.add_node_range(1, 7).add_edge(1, 2).edge(1, 2).set_op(ops::stem(8));
  for (int node = 3; node <= 6; ++node) {
    macro.add_edges({{node == 3 ? 1 : node - 2, node}, {node - 1, node}});
    macro.node(node).set_op(cell_of_two_inputs(node == 5 ? "reduction" : "normal"));
  }
  macro.add_edge(6, 7).edge(6, 7).set_op(ops::classifier(10));
  macro.node(5).set_auxiliary_head(ops::auxiliary_head(10));
  const std::string picture = describe(macro);
  EXPECT_THAT(picture, AllOf(HasSubstr("\"macro.block_3\" [label=<<B>normal ×2</B>>"),
                             HasSubstr("\"macro.block_4\" [label=<<B>reduction</B>>"),
                             HasSubstr("\"macro.block_5\" [label=<auxiliary_head>"),
                             HasSubstr("\"macro.block_6\" [label=<<B>normal</B>>")));
  EXPECT_THAT(picture, AllOf(HasSubstr("\"macro.block_3\" -> \"macro.block_6\""),
                             HasSubstr("\"macro.block_4\" -> \"macro.block_5\""),
                             HasSubstr("\"macro.block_4\" -> \"macro.block_6\"")));
}

TEST(GraphPicture, DrawsWhatStandsOnANode) {
  Graph cell = with(dense("cell", 3), kCandidates);
  cell.node(2).set_op(ops::max_pool());
  EXPECT_THAT(describe(cell), AllOf(HasSubstr("\"cell.node_2\" -> \"cell.node_2.op\""),
                                    HasSubstr("\"cell.node_2.op\" -> \"cell.edge_2_3\"")));
}

TEST(GraphPicture, TakesNamesThatMeanSomethingToGraphviz) {
  const Graph cell = with(dense("a \"cell\" <\\N>", 2), ops::max_pool().renamed("<b> & \"c\"\n"));
  EXPECT_THAT(describe(cell), AllOf(HasSubstr("digraph \"a \\\"cell\\\" <\\\\N>\""),
                                    HasSubstr("label=<&lt;b&gt; &amp; &quot;c&quot;?>"),
                                    HasSubstr(">a &quot;cell&quot; &lt;\\N&gt;<")));
}

}  // namespace
}  // namespace espalier::picture
