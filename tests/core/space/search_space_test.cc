#include "espalier/space/search_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/space/architecture_json.h"

namespace espalier {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace ops = primitives;

constexpr Shape kImage{.channels = 8, .height = 8, .width = 8};

/// Two copies of a cell of three nodes; its edges have 3, 2 and 4 candidates.
class TinySpace : public SearchSpace {
 public:
  TinySpace() : SearchSpace(definition()) { set_name("tiny"); }

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 3).add_edges_densely();
    cell.edge(1, 2).set_op(Candidates{ops::zero(), ops::identity(), ops::max_pool()});
    cell.edge(1, 3).set_op(Candidates{ops::identity(), ops::avg_pool()});
    cell.edge(2, 3).set_op(Candidates{ops::zero(), ops::identity(), ops::max_pool(), ops::avg_pool()});
    cell.set_scope("cells");
    Graph macro("macro");
    macro.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
    for (const auto& [from, to] : macro.edges()) macro.edge(from, to).set_op(cell);
    return {.graph = std::move(macro), .scopes = {"cells"}, .input_shape = kImage};
  }
};

/// A cell whose edges choose between two motifs, whose edges choose between primitives.
class NestedSpace : public SearchSpace {
 public:
  NestedSpace() : SearchSpace(definition()) { set_name("nested"); }

 private:
  static SpaceDefinition definition() {
    Graph motif("motif_0");
    motif.add_node_range(1, 2).add_edge(1, 2);
    motif.edge(1, 2).set_op(Candidates{ops::identity(), ops::max_pool(), ops::avg_pool()});
    Graph other = motif.clone();
    other.set_name("motif_1");
    Graph cell("cell");
    cell.add_node_range(1, 3).add_edges_densely();
    cell.update_edges([&](EdgeData& edge) { edge.set_op(Candidates{motif, other}); });
    return {.graph = std::move(cell), .input_shape = kImage};
  }
};

/// One cell with the candidates given on edges 1→2 and 1→3.
class CustomSpace : public SearchSpace {
 public:
  CustomSpace(Candidates first, Candidates second, const std::string& name = "cell", Scopes scopes = {})
      : SearchSpace(definition(std::move(first), std::move(second), name, std::move(scopes))) {}

 private:
  static SpaceDefinition definition(Candidates first, Candidates second, const std::string& name,
                                    Scopes scopes) {
    Graph cell(name);
    cell.add_node_range(1, 3).add_edges({{1, 2}, {1, 3}});
    cell.edge(1, 2).set_op(std::move(first));
    cell.edge(1, 3).set_op(std::move(second));
    return {.graph = std::move(cell), .scopes = std::move(scopes), .input_shape = kImage};
  }
};

template <class Action>
ErrorDetails refusal(Action action) {
  try {
    action();
  } catch (const UsageError& error) {
    return error.details();
  }
  ADD_FAILURE() << "accepted";
  return {};
}

std::string op_name(const SearchSpace& space, std::size_t choice, std::size_t candidate) {
  return space.choices()[choice].candidates[candidate];
}

TEST(SearchSpace, ChoicesFollowFromTheGraph) {
  const TinySpace space;
  ASSERT_EQ(space.choices().size(), 3U);
  EXPECT_EQ(space.choices()[0].name, "cell.edge_1_2");
  EXPECT_EQ(space.choices()[1].name, "cell.edge_1_3");
  EXPECT_EQ(space.choices()[2].name, "cell.edge_2_3");
  EXPECT_THAT(space.choices()[1].candidates, ElementsAre(ops::identity().name(), ops::avg_pool().name()));
  EXPECT_EQ(space.size(), 24.0);
  EXPECT_THAT(space.scopes(), ElementsAre("cells"));
  EXPECT_EQ(space.input_shape(), kImage);
}

TEST(SearchSpace, NestedChoicesAreSharedByCopiesOfAMotif) {
  const NestedSpace space;
  std::vector<std::string> names;
  for (const Choice& choice : space.choices()) names.push_back(choice.name);
  EXPECT_THAT(names, ElementsAre("motif_0.edge_1_2", "motif_1.edge_1_2", "cell.edge_1_2", "cell.edge_1_3",
                                 "cell.edge_2_3"));
  EXPECT_THAT(space.choices()[2].candidates, ElementsAre("motif_0", "motif_1"));
  EXPECT_EQ(space.size(), 3 + 3 + 6 * 3 * 3) << "edges of one motif leave the other's choice without effect";
}

TEST(SearchSpace, NamesAreMadeUnique) {
  class Twins : public SearchSpace {
   public:
    Twins() : SearchSpace(definition()) {}

   private:
    static SpaceDefinition definition() {
      Graph macro("macro");
      macro.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
      for (const auto& [from, to] : macro.edges()) {
        Graph cell("cell");  // has the same name, but is not a copy of the other
        cell.add_node_range(1, 2).add_edge(1, 2);
        cell.edge(1, 2).set_op(Candidates{ops::max_pool(), ops::max_pool()});
        macro.edge(from, to).set_op(cell);
      }
      return {.graph = std::move(macro), .input_shape = kImage};
    }
  };
  const Twins space;
  EXPECT_EQ(space.choices()[0].name, "cell.edge_1_2");
  EXPECT_EQ(space.choices()[1].name, "cell.edge_1_2_2");
  const std::string pool = ops::max_pool().name();
  EXPECT_THAT(space.choices()[0].candidates, ElementsAre(pool, pool + "_2"));
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_EQ(space.parse(space.to_string(space.at(i))), space.at(i));
}

bool all_are_active(const SearchSpace& space) {
  double combinations = 1.0;
  for (const Choice& choice : space.choices()) combinations *= static_cast<double>(choice.candidates.size());
  return space.size() == combinations;
}

template <class Space>
class EverySpace : public ::testing::Test {
 protected:
  Space space_;
};
using Spaces = ::testing::Types<TinySpace, NestedSpace>;
TYPED_TEST_SUITE(EverySpace, Spaces);

TYPED_TEST(EverySpace, EnumeratesAndRoundTrips) {
  const SearchSpace& space = this->space_;
  std::set<Architecture> all;
  std::set<std::string> strings;
  for (std::uint64_t index = 0; index < static_cast<std::uint64_t>(space.size()); ++index) {
    const Architecture architecture = space.at(index);
    EXPECT_EQ(space.index_of(architecture), index);
    EXPECT_EQ(space.parse(space.to_string(architecture)), architecture);
    const auto text = nlohmann::json::parse(nlohmann::json(architecture).dump());
    EXPECT_EQ(text.template get<Architecture>(), architecture);
    if (all_are_active(space)) {
      // The last choice varies fastest.
      EXPECT_TRUE(index == 0 || space.at(index - 1) < architecture);
    }
    all.insert(architecture);
    strings.insert(space.to_string(architecture));
  }
  EXPECT_EQ(static_cast<double>(all.size()), space.size());
  EXPECT_EQ(strings.size(), all.size());
  EXPECT_THROW((void)space.at(all.size()), UsageError);
}

TYPED_TEST(EverySpace, NeighboursAreDistinctAndSymmetric) {
  const SearchSpace& space = this->space_;
  std::size_t one_each = 0;
  for (const Choice& choice : space.choices()) one_each += choice.candidates.size() - 1;
  for (std::uint64_t index = 0; index < static_cast<std::uint64_t>(space.size()); ++index) {
    const Architecture architecture = space.at(index);
    const std::vector<Architecture> neighbours = space.neighbours(architecture);
    const std::set<Architecture> distinct(neighbours.begin(), neighbours.end());
    EXPECT_EQ(distinct.size(), neighbours.size());
    if (all_are_active(space)) {
      EXPECT_EQ(neighbours.size(), one_each);
    }
    EXPECT_FALSE(distinct.contains(architecture));
    for (const Architecture& neighbour : neighbours) {
      if (!all_are_active(space)) break;
      EXPECT_THAT(space.neighbours(neighbour), Contains(architecture));
    }
  }
}

TYPED_TEST(EverySpace, MutationsAreNeighboursAndReachThemAll) {
  const SearchSpace& space = this->space_;
  if (!all_are_active(space)) GTEST_SKIP() << "conditions_test.cc says what mutants of such a space are";
  Rng rng(1, "mutate");
  const Architecture start = space.at(5);
  const std::vector<Architecture> neighbours = space.neighbours(start);
  std::set<Architecture> reached;
  for (int i = 0; i < 2000; ++i) {
    reached.insert(space.mutate(start, rng));
    EXPECT_THAT(neighbours, Contains(*reached.rbegin()));
  }
  EXPECT_EQ(reached, std::set<Architecture>(neighbours.begin(), neighbours.end()));
}

TYPED_TEST(EverySpace, SamplesAreUniform) {
  const SearchSpace& space = this->space_;
  Rng rng(7, "sample");
  const auto cells = static_cast<std::size_t>(space.size());
  constexpr int kPerCell = 500;
  std::vector<int> count(cells);
  for (std::size_t i = 0; i < cells * kPerCell; ++i) ++count[space.index_of(space.sample(rng))];
  double chi_square = 0.0;
  for (const int observed : count) chi_square += std::pow(observed - kPerCell, 2) / kPerCell;
  // Its mean is the number of degrees of freedom, its variance twice that. Four standard deviations pass.
  const auto degrees = static_cast<double>(cells - 1);
  EXPECT_NEAR(chi_square, degrees, 4 * std::sqrt(2 * degrees));
}

TYPED_TEST(EverySpace, ForeignArchitecturesAreRefused) {
  const SearchSpace& space = this->space_;
  Rng rng(1, "foreign");
  Architecture out_of_range = space.at(0);
  out_of_range.set(1, 9);
  for (const Architecture& foreign :
       {Architecture(), Architecture{0}, Architecture::zeros(60), out_of_range}) {
    EXPECT_THROW(space.check(foreign), UsageError);
    EXPECT_THROW((void)space.to_string(foreign), UsageError);
    EXPECT_THROW((void)space.neighbours(foreign), UsageError);
    EXPECT_THROW((void)space.mutate(foreign, rng), UsageError);
    EXPECT_THROW((void)space.index_of(foreign), UsageError);
    EXPECT_THROW((void)space.categorical_encoding(foreign), UsageError);
    EXPECT_THROW((void)space.one_hot_encoding(foreign), UsageError);
    EXPECT_THROW((void)space.instantiate(foreign), UsageError);
  }
  EXPECT_THAT(refusal([&] { space.check(out_of_range); }).what, HasSubstr(space.choices()[1].name));
}

TYPED_TEST(EverySpace, InstancesHaveNothingLeftToChoose) {
  const SearchSpace& space = this->space_;
  for (std::uint64_t index = 0; index < static_cast<std::uint64_t>(space.size()); ++index) {
    space.instantiate(space.at(index)).visit_edges([](const EdgeData& edge) {
      EXPECT_FALSE(edge.op().is_choice());
    });
  }
  int choices = 0;
  space.graph().visit_edges([&](const EdgeData& edge) { choices += edge.op().is_choice(); });
  EXPECT_GT(choices, 0);  // the space's own graph has not changed
}

TEST(SearchSpace, InstantiatePutsTheChosenOperationOnEveryCopy) {
  const TinySpace space;
  const Graph network = space.instantiate({2, 1, 3});
  for (const auto& [from, to] : network.edges()) {
    const Graph& cell = *network.edge(from, to).op().graph();
    EXPECT_EQ(cell.edge(1, 2).op().name(), op_name(space, 0, 2));
    EXPECT_EQ(cell.edge(1, 3).op().name(), op_name(space, 1, 1));
    EXPECT_EQ(cell.edge(2, 3).op().name(), op_name(space, 2, 3));
  }
}

TEST(SearchSpace, InstantiateChoosesWithinTheChosenMotif) {
  const NestedSpace space;
  const Graph network = space.instantiate({1, 2, 0, 1, 0});
  const auto motif = [&](int from, int to) { return network.edge(from, to).op().graph(); };
  EXPECT_EQ(motif(1, 2)->name(), "motif_0");
  EXPECT_EQ(motif(1, 3)->name(), "motif_1");
  EXPECT_EQ(motif(2, 3)->name(), "motif_0");
  EXPECT_EQ(motif(1, 2)->edge(1, 2).op().name(), ops::max_pool().name());
  EXPECT_EQ(motif(1, 3)->edge(1, 2).op().name(), ops::avg_pool().name());
  EXPECT_EQ(motif(2, 3)->edge(1, 2).op().name(), ops::max_pool().name());
}

TEST(SearchSpace, InstantiateRunsTheHooksAfterTheChoice) {
  class Hooked : public SearchSpace {
   public:
    Hooked() : SearchSpace(definition()) {}

   private:
    static SpaceDefinition definition() {
      Graph cell("cell");
      cell.add_node_range(1, 3).add_edges_densely();
      cell.update_edges([](EdgeData& edge) { edge.set_op(Candidates{ops::zero(), ops::identity()}); });
      cell.on_prepare_discretization([](Graph& graph) {
        EXPECT_EQ(graph.edge(1, 2).op().name(), ops::identity().name());
        EXPECT_EQ(graph.edge(1, 3).op().name(), ops::zero().name());
        EXPECT_TRUE(graph.has_edge(1, 3)) << "the evaluation's hook comes later";
        graph.remove_edge(1, 3);
      });
      cell.on_prepare_evaluation([](Graph& graph) {
        EXPECT_FALSE(graph.has_edge(1, 3));
        graph.add_node(4).add_edge(3, 4);
      });
      return {.graph = std::move(cell), .input_shape = kImage};
    }
  };
  const Hooked space;
  for (int run = 0; run < 2; ++run) {
    const Graph network = space.instantiate(space.at(5));
    EXPECT_FALSE(network.has_edge(1, 3));
    EXPECT_TRUE(network.has_edge(3, 4));
  }
  EXPECT_TRUE(space.graph().has_edge(1, 3));
}

TEST(SearchSpace, Encodings) {
  const TinySpace space;
  EXPECT_THAT(space.categorical_encoding({2, 0, 3}), ElementsAre(2, 0, 3));
  EXPECT_THAT(space.one_hot_encoding({2, 0, 3}), ElementsAre(0, 0, 1, 1, 0, 0, 0, 0, 1));
}

TEST(SearchSpace, CanonicalStringNamesChoiceAndCandidate) {
  const TinySpace space;
  EXPECT_EQ(space.to_string({1, 0, 2}), "cell.edge_1_2=" + op_name(space, 0, 1) + ";cell.edge_1_3=" +
                                            op_name(space, 1, 0) + ";cell.edge_2_3=" + op_name(space, 2, 2));
}

TEST(SearchSpace, MalformedStringsAreRefused) {
  const TinySpace space;
  const std::string good = space.to_string({1, 0, 2});
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_THROW((void)space.parse(good.substr(0, length)), UsageError) << length;
    EXPECT_THROW((void)space.parse(good.substr(0, length) + "#" + good.substr(length)), UsageError) << length;
  }
  const std::string many(100000, ';');
  for (const std::string& bad :
       {std::string(";"), std::string("="), "x" + good, good + ";", good + ";" + good, "; " + good, many,
        std::string("\0\xff", 2), std::string("|nor_conv_3x3~0|")}) {
    EXPECT_THROW((void)space.parse(bad), UsageError) << bad.substr(0, 50);
  }
}

TEST(SearchSpace, ParseErrorsSayWhatWhereAndWhatIsNear) {
  const TinySpace space;
  const std::string good = space.to_string({1, 0, 2});
  const std::string second = "cell.edge_1_3=";

  std::string typo = good;
  typo.replace(typo.find(second) + second.size(), 3, "idn");
  const ErrorDetails candidate = refusal([&] { (void)space.parse(typo); });
  EXPECT_THAT(candidate.what, HasSubstr("cell.edge_1_3"));
  EXPECT_THAT(candidate.where, HasSubstr("character " + std::to_string(typo.find("idn") + 1) + " "));
  EXPECT_THAT(candidate.expected, HasSubstr(op_name(space, 1, 1)));
  EXPECT_EQ(candidate.nearest, op_name(space, 1, 0));

  std::string wrong_edge = good;
  wrong_edge.replace(wrong_edge.find(second), second.size(), "cell.egde_1_3=");
  const ErrorDetails choice = refusal([&] { (void)space.parse(wrong_edge); });
  EXPECT_THAT(choice.what, HasSubstr("cell.egde_1_3"));
  EXPECT_THAT(choice.where, HasSubstr("character " + std::to_string(wrong_edge.find("cell.egde") + 1) + " "));
  EXPECT_EQ(choice.nearest, "cell.edge_1_3");

  const ErrorDetails early = refusal([&] { (void)space.parse(good.substr(0, good.rfind(';'))); });
  EXPECT_THAT(early.what, HasSubstr("cell.edge_2_3"));
  const ErrorDetails late = refusal([&] { (void)space.parse(good + ";x"); });
  EXPECT_THAT(late.what, HasSubstr("continues"));
}

TEST(SearchSpace, MutationPassesOverChoicesOfOne) {
  const CustomSpace space({ops::identity()}, {ops::identity(), ops::zero()});
  Rng rng(3, "one");
  for (int i = 0; i < 50; ++i) EXPECT_EQ(space.mutate({0, 0}, rng), (Architecture{0, 1}));
  EXPECT_THAT(space.neighbours({0, 1}), ElementsAre(Architecture{0, 0}));
}

TEST(SearchSpace, RefusesGraphsWithoutASensibleChoice) {
  const Candidates two{ops::identity(), ops::zero()};
  EXPECT_THROW(CustomSpace({ops::identity()}, {ops::identity()}), Error);
  EXPECT_THROW(CustomSpace(two, two, "cell", {"no_such_scope"}), Error);
  EXPECT_THROW(CustomSpace(Candidates{}, two), Error);
  EXPECT_THROW(CustomSpace(two, two, "a=b"), Error);
  EXPECT_THROW(CustomSpace({ops::identity().renamed("a;b"), ops::zero()}, two), Error);
}

TEST(SearchSpace, RefusesCopiesWithAnotherNumberOfCandidates) {
  class Uneven : public SearchSpace {
   public:
    Uneven() : SearchSpace(definition()) {}

   private:
    static SpaceDefinition definition() {
      Graph cell("cell");
      cell.add_node_range(1, 2).add_edge(1, 2);
      cell.edge(1, 2).set_op(Candidates{ops::identity(), ops::zero()});
      Graph macro("macro");
      macro.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
      macro.edge(1, 2).set_op(cell);
      cell.edge(1, 2).set_op(Candidates{ops::identity()});
      macro.edge(2, 3).set_op(cell);
      return {.graph = std::move(macro), .input_shape = kImage};
    }
  };
  EXPECT_THROW(Uneven(), Error);
}

TEST(SearchSpace, LargeSpacesHaveNoIndexBeyond64Bits) {
  class Large : public SearchSpace {
   public:
    Large() : SearchSpace(definition()) {}

   private:
    static SpaceDefinition definition() {
      Graph cell("cell");
      cell.add_node_range(1, 12).add_edges_densely();
      cell.update_edges([](EdgeData& edge) { edge.set_op(Candidates{ops::zero(), ops::identity()}); });
      return {.graph = std::move(cell), .input_shape = kImage};
    }
  };
  const Large space;
  EXPECT_EQ(space.size(), std::pow(2.0, 66));
  EXPECT_EQ(space.index_of(space.at(~std::uint64_t{0})), ~std::uint64_t{0});
  Architecture last = Architecture::zeros(66);
  for (std::size_t i = 0; i < 66; ++i) last.set(i, 1);
  EXPECT_THROW((void)space.index_of(last), Error);
  EXPECT_EQ(space.parse(space.to_string(last)), last);
}

TEST(SearchSpace, SpacesOfOneGraphDoNotDisturbEachOther) {
  Graph cell("cell");
  cell.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  cell.update_edges([](EdgeData& edge) { edge.set_op(Candidates{ops::zero(), ops::identity()}); });
  class Of : public SearchSpace {
   public:
    Of(const Graph& graph, bool first_final) : SearchSpace(definition(graph, first_final)) {}

   private:
    static SpaceDefinition definition(Graph graph, bool first_final) {
      if (first_final) {
        graph.edge(1, 2).set_final();
        graph.edge(1, 2).set_op(ops::identity());
      }
      return {.graph = std::move(graph), .input_shape = kImage};
    }
  };
  const Of both(cell, false);
  const Of second_only(cell, true);
  EXPECT_EQ(both.choices().size(), 2U);
  EXPECT_EQ(second_only.choices().size(), 1U);
  EXPECT_EQ(both.instantiate({0, 1}).edge(2, 3).op().name(), ops::identity().name());
  EXPECT_EQ(second_only.instantiate({0}).edge(2, 3).op().name(), ops::zero().name());
}

/// A choice between a convolution and nothing, before a batch norm that has values to learn only in networks
/// that are trained from scratch.
class CountedSpace : public SearchSpace {
 public:
  CountedSpace() : SearchSpace(definition()) { set_name("counted"); }

 private:
  static SpaceDefinition definition() {
    Graph macro("macro");
    macro.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
    macro.edge(1, 2).set_op(Candidates{ops::identity(), ops::relu_conv_bn(8, 3)});
    macro.edge(2, 3).set_op(ops::classifier(4));
    return {.graph = std::move(macro), .scopes = {}, .input_shape = kImage};
  }
};

TEST(SearchSpaceTest, CountsTheNetworkThatIsTrainedFromScratch) {
  const CountedSpace space;
  constexpr std::int64_t kClassifier = 4 * (8 + 1);
  EXPECT_EQ(space.parameters({0}), kClassifier);
  EXPECT_EQ(space.multiply_adds({0}), kClassifier);
  EXPECT_EQ(space.parameters({1}), 9 * 8 * 8 + 2 * 8 + kClassifier);
  EXPECT_EQ(space.multiply_adds({1}), 9 * 8 * 8 * 64 + kClassifier);
  EXPECT_THROW((void)space.parameters({2}), UsageError);
  EXPECT_THROW((void)space.multiply_adds({0, 0}), UsageError);
}

TEST(SearchSpace, MayBeUsedByManyThreads) {
  const NestedSpace space;
  std::vector<std::thread> threads;
  std::vector<std::size_t> names(4);
  for (std::size_t thread = 0; thread < names.size(); ++thread) {
    threads.emplace_back([&, thread] {
      Rng rng(1, "threads");
      for (int i = 0; i < 50; ++i) {
        const Architecture architecture = space.mutate(space.sample(rng), rng);
        names[thread] += space.to_string(architecture).size();
        names[thread] += space.instantiate(architecture).instances().size();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<std::size_t>(names.begin(), names.end()).size(), 1U);
}

class FixedWeighting final : public Weighting {
 public:
  explicit FixedWeighting(std::size_t size) : size_(size) {}
  std::size_t size() const override { return size_; }

 private:
  std::size_t size_;
};

TEST(SearchSpaceTest, RelaxGivesEveryChoiceOneWeightingForAllCopies) {
  const TinySpace space;
  std::vector<std::shared_ptr<Weighting>> weightings;
  const Graph supernet = space.relax([&](std::size_t choice) {
    EXPECT_EQ(choice, weightings.size());
    weightings.push_back(std::make_shared<FixedWeighting>(space.choices()[choice].candidates.size()));
    return weightings.back();
  });
  ASSERT_EQ(weightings.size(), 3U);
  std::map<const Weighting*, int> uses;
  supernet.visit_edges([&](const EdgeData& edge) {
    const Mixed* mixed = edge.op().mixed();
    const std::optional<std::size_t> choice = choice_of(edge);
    ASSERT_EQ(choice.has_value(), mixed != nullptr);
    if (mixed != nullptr) {
      ++uses[mixed->weighting.get()];
      EXPECT_EQ(mixed->weighting, weightings[*choice]);
      EXPECT_EQ(mixed->candidates.size(), mixed->weighting->size());
    }
  });
  for (const auto& weighting : weightings) EXPECT_EQ(uses[weighting.get()], 2) << "two copies of the cell";
  space.graph().visit_edges([](const EdgeData& edge) { EXPECT_EQ(edge.op().mixed(), nullptr); });
}

TEST(SearchSpaceTest, DiscretizeTakesTheFirstOfTheStrongest) {
  const TinySpace space;
  EXPECT_EQ(space.discretize({{0.1, 0.7, 0.2}, {0.5, 0.5}, {0.0, 0.1, 0.2, 0.7}}), (Architecture{1, 0, 3}));
  EXPECT_THROW(space.discretize({{0.1, 0.7, 0.2}, {0.5, 0.5}}), UsageError);
  EXPECT_THROW(space.discretize({{0.1, 0.7}, {0.5, 0.5}, {0.0, 0.1, 0.2, 0.7}}), UsageError);
}

TEST(SearchSpace, WhiteSpaceAroundTheWordsOfAStringIsPassedOver) {
  const TinySpace space;
  for (std::uint64_t index = 0; index < static_cast<std::uint64_t>(space.size()); ++index) {
    const std::string text = space.to_string(space.at(index));
    std::string spaced = "\r\n\t";
    for (const char c : text) {
      if (c == '=' || c == ';') spaced += ' ';
      spaced += c;
      if (c == '=' || c == ';') spaced += "\r\n ";
    }
    EXPECT_EQ(space.parse(spaced + " \n"), space.at(index));
  }
  EXPECT_THROW((void)space.parse(" \n"), UsageError);
  EXPECT_THROW((void)space.parse("cell. edge_1_2=zero;cell.edge_1_3=identity;cell.edge_2_3=zero"),
               UsageError);
}

}  // namespace
}  // namespace espalier
