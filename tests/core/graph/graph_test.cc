#include "espalier/graph/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

namespace espalier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

/// The message of the error that `action` throws.
template <class Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

Graph triangle(const std::string& name) {
  Graph graph(name);
  graph.add_node_range(1, 3).add_edges_densely();
  return graph;
}

/// A chain of `edges` edges, each with a copy of `inner`.
Graph chain_of(const std::string& name, int edges, const Graph& inner) {
  Graph graph(name);
  graph.add_node_range(1, edges + 1);
  for (int i = 1; i <= edges; ++i) graph.add_edge(i, i + 1).edge(i, i + 1).set_op(inner);
  return graph;
}

int count_edges(const Graph& graph, const Scopes& scopes = {}, bool private_edge_data = true) {
  int count = 0;
  graph.visit_edges([&](const EdgeData&) { ++count; }, scopes, private_edge_data);
  return count;
}

TEST(Graph, AppendsOperationsInARow) {
  Graph chain("macro");
  chain.append(primitives::identity()).set_choice_name("first");
  chain.append(Candidates{primitives::zero(), primitives::max_pool()});
  EXPECT_THAT(chain.edges(), ElementsAre(Pair(1, 2), Pair(2, 3)));
  EXPECT_EQ(chain.edge(1, 2).op().name(), "identity");
  EXPECT_EQ(chain.edge(1, 2).choice_name(), "first");
  EXPECT_EQ(chain.edge(2, 3).op().candidates()->size(), 2U);

  Graph branched("cell");
  branched.add_nodes({2, 7}).add_edge(2, 7);
  branched.append(primitives::zero());
  EXPECT_THAT(branched.edges(), ElementsAre(Pair(2, 7), Pair(7, 8)));
}

TEST(Graph, KeepsNodesAndEdgesInOrder) {
  Graph graph("cell");
  graph.add_nodes({4, 2}).add_node(1).add_node(3);
  graph.add_edge(3, 4).add_edges({{1, 2}, {2, 4}, {1, 4}});

  EXPECT_THAT(graph.nodes(), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(graph.edges(), ElementsAre(Pair(1, 2), Pair(1, 4), Pair(2, 4), Pair(3, 4)));
  EXPECT_THAT(graph.in_edges(4), ElementsAre(Pair(1, 4), Pair(2, 4), Pair(3, 4)));
  EXPECT_THAT(graph.out_edges(1), ElementsAre(Pair(1, 2), Pair(1, 4)));
  EXPECT_THAT(graph.input_nodes(), ElementsAre(1, 3));
  EXPECT_EQ(graph.output_node(), 4);

  graph.add_edges_densely();
  EXPECT_THAT(graph.edges(),
              ElementsAre(Pair(1, 2), Pair(1, 3), Pair(2, 3), Pair(1, 4), Pair(2, 4), Pair(3, 4)));
}

TEST(Graph, RemovesNodesAndEdges) {
  Graph graph = triangle("cell");
  graph.remove_edge(1, 3);
  EXPECT_FALSE(graph.has_edge(1, 3));
  graph.remove_node(2);
  EXPECT_FALSE(graph.has_node(2));
  EXPECT_THAT(graph.edges(), IsEmpty());
  EXPECT_THAT(graph.nodes(), ElementsAre(1, 3));
}

TEST(Graph, NewEdgesAreIdentityAndNewNodesSum) {
  const Graph graph = triangle("cell");
  EXPECT_EQ(graph.edge(1, 2).op().name(), primitives::identity().name());
  EXPECT_EQ(graph.edge(1, 2).from(), 1);
  EXPECT_EQ(graph.edge(1, 2).to(), 2);
  EXPECT_FALSE(graph.edge(1, 2).is_final());
  EXPECT_EQ(graph.node(3).combine().name(), primitives::sum().name());
  EXPECT_FALSE(graph.node(3).op().has_value());
}

TEST(Graph, ReferencesOutliveChangesElsewhere) {
  Graph graph = triangle("cell");
  EdgeData& edge = graph.edge(1, 3);
  NodeData& node = graph.node(3);
  for (int id = 4; id < 200; ++id) graph.add_node(id).add_edge(3, id);
  for (int id = 4; id < 200; id += 2) graph.remove_node(id);
  graph.remove_node(2);
  edge.set("mark", 1);
  node.set("mark", 2);
  EXPECT_EQ(graph.edge(1, 3).get<int>("mark"), 1);
  EXPECT_EQ(graph.node(3).get<int>("mark"), 2);
}

TEST(Graph, ErrorsNameGraphNodeAndEdge) {
  Graph graph = triangle("my_cell");
  EXPECT_THAT(refusal([&] { graph.edge(1, 7); }),
              AllOf(HasSubstr("my_cell"), HasSubstr("1→7"), HasSubstr("2→3")));
  EXPECT_THAT(refusal([&] { graph.node(9); }), AllOf(HasSubstr("my_cell"), HasSubstr("node 9")));
  EXPECT_THAT(refusal([&] { graph.add_edge(1, 9); }), AllOf(HasSubstr("my_cell"), HasSubstr("node 9")));
  EXPECT_THAT(refusal([&] { graph.add_edge(1, 2); }), AllOf(HasSubstr("my_cell"), HasSubstr("1→2")));
  EXPECT_THAT(refusal([&] { graph.add_edge(3, 1); }), AllOf(HasSubstr("3→1"), HasSubstr("forward")));
  EXPECT_THAT(refusal([&] { graph.add_edge(2, 2); }), HasSubstr("forward"));
  EXPECT_THAT(refusal([&] { graph.add_node(2); }), AllOf(HasSubstr("my_cell"), HasSubstr("node 2")));
  EXPECT_THAT(refusal([&] { graph.add_node_range(9, 5); }), HasSubstr("from 9 to 5"));
  EXPECT_THAT(refusal([&] { graph.remove_edge(3, 9); }), HasSubstr("3→9"));
  EXPECT_THAT(refusal([&] { graph.remove_node(9); }), HasSubstr("node 9"));
  EXPECT_THAT(refusal([&] { (void)graph.in_edges(9); }), HasSubstr("node 9"));
  EXPECT_THAT(refusal([&] { (void)graph.out_edges(9); }), HasSubstr("node 9"));
  EXPECT_THAT(refusal([] { (void)Graph("empty").output_node(); }), HasSubstr("empty"));
  EXPECT_THAT(refusal([] { Graph("empty").edge(1, 2); }), HasSubstr("no edges"));
}

TEST(Graph, CopiesAreIndependentInStructureAndOperations) {
  Graph original = chain_of("macro", 2, triangle("cell"));
  Graph copy = original.copy();
  copy.remove_edge(2, 3).set_name("copy").set_scope("other");
  copy.edge(1, 2).op().graph()->remove_edge(1, 3);
  EXPECT_TRUE(original.has_edge(2, 3));
  EXPECT_EQ(original.name(), "macro");
  EXPECT_EQ(original.scope(), "");
  EXPECT_TRUE(original.edge(1, 2).op().graph()->has_edge(1, 3));
}

TEST(Graph, MovedFromMayBeAssignedTo) {
  Graph first = triangle("first");
  Graph second = std::move(first);
  first = triangle("again");
  EXPECT_EQ(first.name(), "again");
  EXPECT_EQ(second.name(), "first");
  Graph third = std::move(second);
  const Graph fourth = triangle("fourth");
  second = fourth;
  EXPECT_EQ(second.edges(), fourth.edges());
}

TEST(Graph, MayBeReplacedByWhatIsNestedInIt) {
  Graph graph = chain_of("outer", 1, triangle("inner"));
  graph = *graph.edge(1, 2).op().graph();
  EXPECT_EQ(graph.name(), "inner");
  graph = chain_of("outer", 1, graph);
  graph = std::move(*graph.edge(1, 2).op().graph());
  EXPECT_EQ(graph.name(), "inner");
  const Graph& itself = graph;
  graph = itself;
  EXPECT_EQ(graph.edges().size(), 3U);
}

TEST(GraphSharing, SharedAttributesAreSeenByCopiesAndNotByClones) {
  Graph cell = triangle("cell");
  Graph copy = cell.copy();
  Graph clone = cell.clone();
  cell.edge(1, 2).set("alpha", 1.0, Sharing::shared_data);
  cell.node(2).set("beta", 2, Sharing::shared_data);
  cell.edge(1, 3).set("own", 3);

  EXPECT_EQ(copy.edge(1, 2).get<double>("alpha"), 1.0);
  EXPECT_EQ(copy.node(2).get<int>("beta"), 2);
  EXPECT_FALSE(copy.edge(1, 3).has("own"));
  EXPECT_FALSE(copy.edge(2, 3).has("alpha"));
  EXPECT_FALSE(clone.edge(1, 2).has("alpha"));
  EXPECT_FALSE(clone.node(2).has("beta"));

  copy.edge(1, 2).get<double>("alpha") = 4.0;
  EXPECT_EQ(cell.edge(1, 2).get<double>("alpha"), 4.0);
}

TEST(GraphSharing, ACloneTakesTheValuesAlong) {
  Graph cell = triangle("cell");
  cell.edge(1, 2).set("alpha", 1.0, Sharing::shared_data);
  cell.edge(1, 2).set("own", 2);
  Graph clone = cell.clone();
  clone.edge(1, 2).get<double>("alpha") = 7.0;
  EXPECT_EQ(clone.edge(1, 2).get<int>("own"), 2);
  EXPECT_EQ(cell.edge(1, 2).get<double>("alpha"), 1.0);
}

TEST(GraphSharing, CopiesWithinACloneStillShare) {
  const Graph macro = chain_of("macro", 3, triangle("cell"));
  Graph clone = macro.clone();
  clone.edge(1, 2).op().graph()->edge(1, 2).set("alpha", 1, Sharing::shared_data);
  EXPECT_TRUE(clone.edge(3, 4).op().graph()->edge(1, 2).has("alpha"));
  EXPECT_FALSE(macro.edge(3, 4).op().graph()->edge(1, 2).has("alpha"));
  EXPECT_EQ(count_edges(clone, {}, false), 3 + 3);
  EXPECT_EQ(count_edges(clone, {}, true), 3 + 9);
}

TEST(GraphVisit, NestedGraphsComeBeforeTheirHolder) {
  const Graph macro = chain_of("macro", 2, triangle("cell"));
  std::vector<std::string> names;
  for (const Graph* graph : macro.instances()) names.push_back(graph->name());
  EXPECT_THAT(names, ElementsAre("cell", "cell", "macro"));
}

TEST(GraphVisit, FinalEdgesAreSkippedButNotWhatIsNestedInThem) {
  Graph macro = chain_of("macro", 2, triangle("cell"));
  macro.edge(1, 2).set_final();
  macro.edge(1, 2).op().graph()->edge(1, 3).set_final();
  EXPECT_EQ(count_edges(macro), 1 + 2 + 3);
  std::set<std::pair<int, int>> of_macro;
  macro.update_edges([&](EdgeData& edge) {
    EXPECT_FALSE(edge.is_final());
    if (edge.op().graph()) of_macro.emplace(edge.from(), edge.to());
  });
  EXPECT_THAT(of_macro, ElementsAre(Pair(2, 3)));
  // The edge is visited in the copy in which it is not final.
  EXPECT_EQ(count_edges(macro, {}, false), 1 + 3);
}

TEST(GraphVisit, ScopesSelectAtAnyDepth) {
  Graph motif = triangle("motif");
  Graph cell = chain_of("cell", 2, motif);
  Graph macro = chain_of("macro", 2, cell);
  macro.edge(1, 2).op().graph()->set_scope("stage_1");
  macro.edge(2, 3).op().graph()->set_scope("stage_2", false);

  EXPECT_EQ(count_edges(macro, {"stage_1"}), 2 + 6);
  EXPECT_EQ(count_edges(macro, {"stage_2"}), 2);
  EXPECT_EQ(count_edges(macro, {"stage_1", "stage_2"}), 2 + 6 + 2);
  EXPECT_EQ(count_edges(macro, {"stage_3"}), 0);
  EXPECT_EQ(count_edges(macro), 2 + 4 + 12);
  EXPECT_EQ(count_edges(macro, {"stage_1", "stage_2"}, false), 2 + 3);
  EXPECT_EQ(macro.scope(), "");
}

TEST(GraphVisit, VisitorsMayReplaceOperationsAndNestGraphs) {
  Graph macro = chain_of("macro", 2, triangle("cell"));
  const Graph fresh = triangle("fresh");
  int visits = 0;
  macro.update_edges([&](EdgeData& edge) {
    ++visits;
    edge.set_op(fresh);
  });
  EXPECT_EQ(visits, 2 + 6);  // the graphs that the visitor nests are not visited
  EXPECT_EQ(count_edges(macro), 2 + 6);
  for (const EdgeId& id : macro.edges()) EXPECT_EQ(macro.edge(id.first, id.second).op().name(), "fresh");
}

TEST(GraphVisit, RelaxingReachesGraphsAmongCandidates) {
  Graph motif = triangle("motif");
  motif.update_edges([](EdgeData& edge) {
    edge.set_op(Candidates{primitives::identity(), primitives::zero()});
  });
  Graph cell = triangle("cell");
  cell.update_edges([&](EdgeData& edge) { edge.set_op(Candidates{motif, motif}); });

  cell.update_edges([](EdgeData& edge) { edge.set_op(Mixed{*edge.op().candidates(), nullptr}); });
  int mixed = 0;
  cell.visit_edges([&](const EdgeData& edge) { mixed += edge.op().mixed() != nullptr; });
  EXPECT_EQ(mixed, 3 + 3 * 2 * 3);
}

TEST(GraphVisit, VisitorsMayRemoveEdges) {
  Graph graph("cell");
  graph.add_node_range(1, 5).add_edges_densely();
  int visits = 0;
  graph.update_edges([&](EdgeData& edge) {
    ++visits;
    for (int to = edge.to() + 1; to <= 5; ++to) {
      if (graph.has_edge(edge.from(), to)) graph.remove_edge(edge.from(), to);
    }
  });
  EXPECT_EQ(visits, 4);
  EXPECT_EQ(graph.edges().size(), 4U);
}

TEST(GraphVisit, NodesComeWithTheirEdges) {
  Graph macro = chain_of("macro", 2, triangle("cell"));
  macro.edge(2, 3).op().graph()->edge(1, 3).set_final();
  std::map<int, std::string> seen;
  macro.edge(2, 3).op().graph()->update_nodes([&](Graph::NodeVisit& visit) {
    for (const EdgeData* edge : visit.in_edges) seen[visit.id] += std::to_string(edge->from());
    seen[visit.id] += "|";
    for (const EdgeData* edge : visit.out_edges) seen[visit.id] += std::to_string(edge->to());
    visit.node.set_combine(primitives::concat());
  });
  EXPECT_THAT(seen, ElementsAre(Pair(1, "|2"), Pair(2, "1|3"), Pair(3, "2|")));

  int all = 0;
  macro.update_nodes([&](Graph::NodeVisit& visit) {
    ++all;
    visit.node.set("mark", true, Sharing::shared_data);
  });
  int once = 0;
  macro.update_nodes([&](Graph::NodeVisit& visit) { once += visit.node.has("mark"); }, {}, false);
  EXPECT_EQ(all, 3 + 6);
  EXPECT_EQ(once, 3 + 3);
}

TEST(GraphVisit, GraphsOnNodesAreNested) {
  Graph graph("macro");
  graph.add_node_range(1, 2).add_edge(1, 2);
  graph.node(2).set_op(triangle("on_node"));
  EXPECT_EQ(count_edges(graph), 1 + 3);
  graph.set_scope("stage");
  EXPECT_EQ(graph.node(2).op()->graph()->scope(), "stage");

  const Graph copy = graph.copy();
  Graph clone = graph.clone();
  graph.node(2).op()->graph()->edge(1, 2).set("alpha", 1, Sharing::shared_data);
  EXPECT_TRUE(copy.node(2).op()->graph()->edge(1, 2).has("alpha"));
  EXPECT_FALSE(clone.node(2).op()->graph()->edge(1, 2).has("alpha"));
}

TEST(GraphVisit, AllEdgeDataGivesSharedOnesOnce) {
  Graph macro = chain_of("macro", 3, triangle("cell"));
  macro.update_edges([n = 0](EdgeData& edge) mutable { edge.set("alpha", n++, Sharing::shared_data); }, {},
                     false);
  macro.update_edges([](EdgeData& edge) {
    if (edge.op().primitive()) edge.set<std::string>("own", "x");
  });
  EXPECT_THAT(macro.all_edge_data<int>("alpha"), UnorderedElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(macro.all_edge_data<std::string>("own").size(), 9U);
  EXPECT_THAT(macro.all_edge_data<int>("none"), IsEmpty());
  EXPECT_THROW((void)macro.all_edge_data<float>("alpha"), Error);
}

TEST(GraphVisit, NestsFiveDeep) {
  Graph graph = triangle("level_1");
  for (int level = 2; level <= 5; ++level) graph = chain_of("level_" + std::to_string(level), 2, graph);
  graph.set_scope("deep");
  EXPECT_EQ(graph.instances({"deep"}).size(), 1U + 2 + 4 + 8 + 16);
  EXPECT_EQ(count_edges(graph), 2 + 4 + 8 + 16 + 16 * 3);
  EXPECT_EQ(count_edges(graph, {"deep"}, false), 4 * 2 + 3);

  Graph clone = graph.clone();
  clone.update_edges([](EdgeData& edge) { edge.set("alpha", 1, Sharing::shared_data); }, {}, false);
  int with_alpha = 0;
  clone.visit_edges([&](const EdgeData& edge) { with_alpha += edge.has("alpha"); });
  EXPECT_EQ(with_alpha, count_edges(clone));
  EXPECT_THAT(graph.all_edge_data<int>("alpha"), IsEmpty());
}

TEST(GraphHooks, RunAtEveryLevelOutermostFirst) {
  std::vector<std::string> ran;
  const auto note = [&ran](Graph& graph) { ran.push_back(graph.name()); };
  Graph cell = triangle("cell");
  cell.on_prepare_discretization(note);
  Graph macro = chain_of("macro", 2, cell);
  macro.on_prepare_discretization(note);
  macro.prepare_evaluation();
  EXPECT_THAT(ran, IsEmpty());
  macro.prepare_discretization();
  EXPECT_THAT(ran, ElementsAre("macro", "cell", "cell"));
}

TEST(GraphHooks, MayRebuildTheirGraph) {
  Graph macro = chain_of("macro", 1,
                         triangle("cell").on_prepare_evaluation([](Graph& cell) { cell.remove_edge(1, 3); }));
  macro.on_prepare_evaluation([](Graph& graph) {
    const Graph whole = graph;
    graph.add_node(3).add_edge(2, 3).edge(2, 3).set_op(*graph.edge(1, 2).op().graph());
    graph.add_node(4).add_edge(3, 4).edge(3, 4).set_op(whole);
  });
  macro.prepare_evaluation();
  EXPECT_FALSE(macro.edge(1, 2).op().graph()->has_edge(1, 3));
  EXPECT_FALSE(macro.edge(2, 3).op().graph()->has_edge(1, 3));
  // The graph that was nested in itself is unchanged, because its own hook had been removed before it ran.
  EXPECT_THAT(macro.edge(3, 4).op().graph()->nodes(), ElementsAre(1, 2));
  macro.prepare_evaluation();
  EXPECT_THAT(macro.nodes(), ElementsAre(1, 2, 3, 4));
}

TEST(GraphHooks, MayUseVisitsToKeepTheStrongestEdges) {
  Graph cell("cell");
  cell.add_node_range(1, 4).add_edges_densely();
  for (const auto& [from, to] : cell.edges()) cell.edge(from, to).set("weight", from);
  cell.on_prepare_discretization([](Graph& graph) {
    graph.update_nodes([&](Graph::NodeVisit& visit) {
      for (const EdgeData* edge : visit.in_edges) {
        if (edge->get<int>("weight") + 1 < visit.id) graph.remove_edge(edge->from(), edge->to());
      }
    });
  });
  cell.prepare_discretization();
  EXPECT_THAT(cell.edges(), ElementsAre(Pair(1, 2), Pair(2, 3), Pair(3, 4)));
}

class TwoWeights : public Weighting {
 public:
  std::size_t size() const override { return 2; }
  bool runs(std::size_t candidate) const override { return candidate == 1; }
};

TEST(Operation, KnowsWhatItHolds) {
  const Operation primitive = primitives::identity();
  Operation graph = triangle("motif");
  Operation candidates = Candidates{primitives::identity(), triangle("a"), triangle("b")};
  Operation mixed = Mixed{{primitives::identity(), triangle("a")}, std::make_shared<TwoWeights>()};

  EXPECT_EQ(graph.name(), "motif");
  EXPECT_EQ(candidates.name(), "candidates");
  EXPECT_EQ(mixed.name(), "mixed");
  EXPECT_FALSE(primitive.is_choice());
  EXPECT_FALSE(graph.is_choice());
  EXPECT_TRUE(candidates.is_choice());
  EXPECT_TRUE(mixed.is_choice());
  EXPECT_EQ(graph.graphs().size(), 1U);
  EXPECT_EQ(candidates.graphs().size(), 2U);
  EXPECT_EQ(mixed.graphs().size(), 1U);
  EXPECT_TRUE(mixed.mixed()->weighting->runs(1));
  EXPECT_FALSE(mixed.mixed()->weighting->runs(0));
  EXPECT_EQ(candidates.mixed(), nullptr);
}

TEST(Operation, RefusesAWeightingOfAnotherSize) {
  EXPECT_THAT(refusal([] {
                Operation(Mixed{{primitives::identity()}, std::make_shared<TwoWeights>()});
              }),
              AllOf(HasSubstr("2 weights"), HasSubstr("1 candidates")));
}

}  // namespace
}  // namespace espalier
