#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/space/most_probable.h"
#include "espalier/space/search_space.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

namespace ops = primitives;

constexpr Shape kEight{.channels = 4, .height = 8, .width = 8};

Candidates kernels() {
  return {ops::relu_conv_bn(4, 1).renamed("k1"), ops::relu_conv_bn(4, 3).renamed("k3")};
}

Graph chain_of(const std::string& name, const std::vector<Operation>& operations) {
  Graph graph(name);
  graph.add_node_range(1, static_cast<int>(operations.size()) + 1);
  for (int i = 0; const Operation& operation : operations) {
    ++i;
    graph.add_edge(i, i + 1).edge(i, i + 1).set_op(operation);
  }
  return graph;
}

Graph chain(const std::string& name, std::initializer_list<Operation> operations) {
  return chain_of(name, operations);
}

/// Stages of one, two or three blocks, as in Once-for-all (Cai et al., 2020). Each block chooses its kernel
/// and, in one of two widths that share that choice, its expansion.
class StagesSpace : public SearchSpace {
 public:
  explicit StagesSpace(int stages = 2) : SearchSpace(definition(stages)) { set_name("stages"); }

 private:
  static Graph block(const std::string& name) {
    Graph inner = chain(name + "_conv", {ops::identity(), ops::identity()});
    inner.edge(1, 2).set_op(kernels());
    inner.edge(1, 2).set_choice_name(name + ".kernel");
    Graph wide = inner.copy();
    wide.edge(2, 3).set_op(ops::max_pool());
    wide.set_name(name + "_wide");
    Graph block = chain(name, {Candidates{inner, wide}});
    block.edge(1, 2).set_choice_name(name + ".expansion");
    return block;
  }
  static SpaceDefinition definition(int stages) {
    std::vector<Operation> all;
    for (int stage = 1; stage <= stages; ++stage) {
      const std::string name = "stage_" + std::to_string(stage);
      std::vector<Operation> blocks;
      Candidates depths;
      for (int depth = 1; depth <= 3; ++depth) {
        blocks.emplace_back(block(name + ".block_" + std::to_string(depth)));
        std::vector<Operation> copies;
        for (const Operation& each : blocks) copies.emplace_back(each.graph()->copy());
        depths.emplace_back(chain_of("depth_" + std::to_string(depth), copies));
      }
      Graph holder = chain(name, {std::move(depths)});
      holder.edge(1, 2).set_choice_name(name + ".depth");
      all.emplace_back(std::move(holder));
    }
    return {.graph = chain_of("network", all), .input_shape = kEight};
  }
};

/// A choice on a node, and one below it that two of its three candidates hold.
class NodeSpace : public SearchSpace {
 public:
  NodeSpace() : SearchSpace(definition()) { set_name("node"); }

 private:
  static SpaceDefinition definition() {
    Graph inner = chain("inner", {kernels(), ops::identity()});
    Graph other = inner.copy();
    other.edge(2, 3).set_op(ops::avg_pool());
    other.set_name("other");
    Graph cell("cell");
    cell.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
    cell.node(2).set_op(Candidates{ops::identity(), inner, other});
    return {.graph = std::move(cell), .input_shape = kEight};
  }
};

/// All combinations of candidates, whether or not they are canonical.
std::vector<Architecture> combinations(const SearchSpace& space) {
  std::vector<Architecture> all = {Architecture::zeros(space.choices().size())};
  for (std::size_t choice = 0; choice < space.choices().size(); ++choice) {
    std::vector<Architecture> longer;
    for (const Architecture& architecture : all)
      for (std::size_t candidate = 0; candidate < space.choices()[choice].candidates.size(); ++candidate)
        longer.emplace_back(architecture).set(choice, candidate);
    all = std::move(longer);
  }
  return all;
}

std::size_t choice_called(const SearchSpace& space, const std::string& name) {
  const auto found = std::ranges::find(space.choices(), name, &Choice::name);
  if (found == space.choices().end()) throw Error({.what = "no choice " + name});
  return static_cast<std::size_t>(found - space.choices().begin());
}

/// The layers of a network, the reference for what an architecture is.
std::string network_of(const SearchSpace& space, const Architecture& architecture) {
  std::string text;
  for (const auto& node :
       flatten(space.instantiate(architecture), space.input_shape(), Purpose::evaluation).nodes)
    text += node.name + " ";
  return text;
}

template <class Space>
class EveryConditionalSpace : public ::testing::Test {
 protected:
  Space space_;
};
class OneStage : public StagesSpace {
 public:
  OneStage() : StagesSpace(1) {}
};
using ConditionalSpaces = ::testing::Types<OneStage, NodeSpace>;
TYPED_TEST_SUITE(EveryConditionalSpace, ConditionalSpaces);

TYPED_TEST(EveryConditionalSpace, TwoCombinationsOfOneNetworkAreOneArchitecture) {
  const SearchSpace& space = this->space_;
  std::set<std::string> networks;
  std::set<Architecture> canonical;
  std::set<std::string> strings;
  for (const Architecture& combination : combinations(space)) {
    const Architecture form = space.canonical(combination);
    EXPECT_EQ(space.canonical(form), form);
    EXPECT_TRUE(space.is_valid(form));
    EXPECT_EQ(space.is_valid(combination), combination == form);
    EXPECT_EQ(space.parse(space.to_string(form)), form);
    EXPECT_EQ(space.at(space.index_of(form)), form);
    networks.insert(network_of(space, form));
    strings.insert(space.to_string(form));
    canonical.insert(form);
  }
  EXPECT_EQ(static_cast<double>(canonical.size()), space.size());
  EXPECT_EQ(networks.size(), canonical.size()) << "distinct architectures have distinct networks here";
  EXPECT_EQ(strings.size(), canonical.size());
}

TYPED_TEST(EveryConditionalSpace, SamplesAreUniformOverDistinctArchitectures) {
  const SearchSpace& space = this->space_;
  Rng rng(3, "sample");
  const auto cells = static_cast<std::size_t>(space.size());
  constexpr int kPerCell = 400;
  std::vector<int> count(cells);
  for (std::size_t i = 0; i < cells * kPerCell; ++i) ++count[space.index_of(space.sample(rng))];
  double chi_square = 0.0;
  for (const int observed : count) chi_square += std::pow(observed - kPerCell, 2) / kPerCell;
  const auto degrees = static_cast<double>(cells - 1);
  EXPECT_NEAR(chi_square, degrees, 4 * std::sqrt(2 * degrees));
}

/// Whether one architecture is another, but for choices that a third one does not decide.
bool are_same_for(const SearchSpace& space, const Architecture& decided, const Architecture& a,
                  const Architecture& b) {
  for (std::size_t i = 0; i < decided.size(); ++i)
    if (space.is_active(i, decided) && a[i] != b[i]) return false;
  return true;
}

TYPED_TEST(EveryConditionalSpace, NeighboursAreDistinctAndLeadBackAndMutantsAreLikeThem) {
  const SearchSpace& space = this->space_;
  Rng rng(1, "mutate");
  for (std::uint64_t index = 0; index < static_cast<std::uint64_t>(space.size()); ++index) {
    const Architecture architecture = space.at(index);
    const std::vector<Architecture> neighbours = space.neighbours(architecture);
    const std::set<Architecture> distinct(neighbours.begin(), neighbours.end());
    EXPECT_EQ(distinct.size(), neighbours.size());
    EXPECT_FALSE(distinct.contains(architecture));
    for (const Architecture& neighbour : neighbours) {
      EXPECT_TRUE(space.is_valid(neighbour));
      const std::vector<Architecture> back = space.neighbours(neighbour);
      EXPECT_TRUE(std::ranges::any_of(back, [&](const Architecture& other) {
        return are_same_for(space, neighbour, other, architecture);
      }));
    }
    for (int i = 0; i < 20; ++i) {
      const Architecture mutant = space.mutate(architecture, rng);
      EXPECT_TRUE(std::ranges::any_of(neighbours, [&](const Architecture& other) {
        return are_same_for(space, architecture, other, mutant);
      }));
    }
  }
}

TYPED_TEST(EveryConditionalSpace, EncodingsLeaveInactiveChoicesOut) {
  const SearchSpace& space = this->space_;
  for (std::uint64_t index = 0; index < static_cast<std::uint64_t>(space.size()); ++index) {
    const Architecture architecture = space.at(index);
    const std::vector<int> categories = space.categorical_encoding(architecture);
    std::size_t active = 0;
    for (std::size_t i = 0; i < categories.size(); ++i) {
      EXPECT_EQ(categories[i] >= 0, space.is_active(i, architecture));
      active += space.is_active(i, architecture) ? 1 : 0;
    }
    const std::vector<float> one_hot = space.one_hot_encoding(architecture);
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(one_hot, 1.0F)), active);
  }
}

TYPED_TEST(EveryConditionalSpace, DiscretizationsAreCanonical) {
  const SearchSpace& space = this->space_;
  Rng rng(5, "weights");
  for (int i = 0; i < 50; ++i) {
    std::vector<std::vector<double>> weights;
    for (const Choice& choice : space.choices()) {
      weights.emplace_back();
      for (std::size_t j = 0; j < choice.candidates.size(); ++j) weights.back().push_back(rng.uniform());
    }
    const Architecture found = space.discretize(weights);
    EXPECT_TRUE(space.is_valid(found));
    EXPECT_TRUE(space.is_valid(
        most_probable(space, weights, [&](const Architecture& other) { return !(other == found); })));
  }
}

TEST(ConditionalSpace, AChoiceIsActiveWhereTheNetworkHasIt) {
  const StagesSpace space;
  EXPECT_EQ(space.size(), std::pow(4 + 16 + 64, 2)) << "blocks of two kernels and two expansions";
  const std::size_t depth = choice_called(space, "stage_2.depth");
  const std::size_t kernel = choice_called(space, "stage_2.block_3.kernel");
  Architecture architecture = Architecture::zeros(space.choices().size());
  EXPECT_FALSE(space.is_active(kernel, architecture));
  architecture.set(depth, 2);
  EXPECT_TRUE(space.is_active(kernel, architecture));
  EXPECT_THAT(space.to_string(architecture), HasSubstr("stage_2.block_3.kernel=k1"));
  EXPECT_THAT(space.to_string(architecture), Not(HasSubstr("stage_1.block_2")));
}

TEST(ConditionalSpace, ChoicesKnowTheirPlace) {
  const StagesSpace space;
  const Choice& depth = space.choices()[choice_called(space, "stage_1.depth")];
  EXPECT_EQ(depth.graph, "stage_1");
  EXPECT_EQ(depth.edge, EdgeId(1, 2));
  EXPECT_FALSE(depth.node);
  EXPECT_THAT(depth.candidates, ElementsAre("depth_1", "depth_2", "depth_3"));

  const NodeSpace node;
  EXPECT_EQ(node.choices()[1].name, "cell.node_2");
  EXPECT_EQ(node.choices()[1].node, 2);
  EXPECT_FALSE(node.choices()[1].edge);
  EXPECT_EQ(node.choices()[0].name, "inner.edge_1_2");
  EXPECT_EQ(node.size(), 1 + 2 + 2);
}

TEST(ConditionalSpace, ACloneIsNamedAfterItself) {
  class Named : public SearchSpace {
   public:
    Named() : SearchSpace(definition()) {}

   private:
    static SpaceDefinition definition() {
      const Graph cell = chain("cell", {kernels()});
      Graph reduction = cell.clone();
      reduction.set_name("reduction");
      return {.graph = chain("network", {cell, reduction, cell.copy()}), .input_shape = kEight};
    }
  };
  const Named space;
  ASSERT_EQ(space.choices().size(), 2U);
  EXPECT_EQ(space.choices()[0].name, "cell.edge_1_2");
  EXPECT_EQ(space.choices()[1].name, "reduction.edge_1_2");
}

TEST(ConditionalSpace, WhatANeighbourMakesActiveTakesTheFirstCandidate) {
  const NodeSpace space;
  EXPECT_THAT(space.neighbours({0, 0}), ElementsAre(Architecture{0, 1}, Architecture{0, 2}));
  EXPECT_THAT(space.neighbours({1, 2}),
              ElementsAre(Architecture{0, 2}, Architecture{0, 0}, Architecture{1, 1}));
  Rng rng(1, "mutants");
  std::set<Architecture> mutants;
  for (int i = 0; i < 200; ++i) mutants.insert(space.mutate({0, 0}, rng));
  EXPECT_THAT(mutants,
              ElementsAre(Architecture{0, 1}, Architecture{0, 2}, Architecture{1, 1}, Architecture{1, 2}))
      << "a random one in a mutant";
}

TEST(ConditionalSpace, ManyStagesAndSharedMotifsAreCounted) {
  const StagesSpace deep(20);
  EXPECT_NEAR(deep.size() / std::pow(84.0, 20), 1.0, 1e-12);
  Rng rng(1, "deep");
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(deep.is_valid(deep.mutate(deep.sample(rng), rng)));
  EXPECT_THROW((void)deep.index_of(deep.sample(rng)), Error) << "needs more than 64 bits";

  /// Ten edges among six motifs of three candidates each.
  class Motifs : public SearchSpace {
   public:
    Motifs() : SearchSpace(definition()) {}

   private:
    static SpaceDefinition definition() {
      Candidates motifs;
      for (int i = 0; i < 6; ++i)
        motifs.emplace_back(chain("motif_" + std::to_string(i),
                                  {Candidates{ops::identity(), ops::max_pool(), ops::avg_pool()}}));
      Graph cell("cell");
      cell.add_node_range(1, 5).add_edges_densely();
      cell.update_edges([&](EdgeData& edge) { edge.set_op(motifs); });
      return {.graph = std::move(cell), .input_shape = kEight};
    }
  };
  // Σ over the number m of motifs in use: (6 choose m) · surjections of 10 edges onto m · 3^m.
  const auto binomial = [](int n, int k) {
    double product = 1.0;
    for (int i = 1; i <= k; ++i) product = product * (n - k + i) / i;
    return product;
  };
  double expected = 0.0;
  for (int m = 1; m <= 6; ++m) {
    double onto = 0.0;
    for (int j = 0; j <= m; ++j) onto += (j % 2 == 0 ? 1 : -1) * binomial(m, j) * std::pow(m - j, 10);
    expected += binomial(6, m) * onto * std::pow(3, m);
  }
  EXPECT_EQ(Motifs().size(), expected);
}

/// One of two stacks of layers, which each choose a kind and, within it, a size.
class StacksSpace : public SearchSpace {
 public:
  explicit StacksSpace(int layers) : SearchSpace(definition(layers)) { set_name("stacks"); }

 private:
  static SpaceDefinition definition(int layers) {
    const auto stack = [&](const std::string& name) {
      std::vector<Operation> all;
      for (int i = 0; i < layers; ++i) {
        const std::string layer = name + "_" + std::to_string(i);
        all.emplace_back(chain(
            layer, {Candidates{chain(layer + "_conv", {kernels()}),
                               chain(layer + "_pool",
                                     {Candidates{ops::max_pool(), ops::avg_pool(), ops::identity()}})}}));
      }
      return chain_of(name, all);
    };
    return {.graph = chain("network", {Candidates{stack("left"), stack("right")}}), .input_shape = kEight};
  }
};

TEST(ConditionalSpace, ManyConditionsBelowOneParentAreCounted) {
  const StacksSpace two(2);
  EXPECT_EQ(two.size(), 2 * 5 * 5);
  std::set<Architecture> all;
  for (std::uint64_t index = 0; index < 50; ++index) {
    EXPECT_EQ(two.index_of(two.at(index)), index);
    EXPECT_TRUE(two.is_valid(two.at(index)));
    all.insert(two.at(index));
  }
  EXPECT_EQ(all.size(), 50U);
  EXPECT_THROW((void)two.at(50), UsageError);

  const StacksSpace deep(24);
  EXPECT_NEAR(deep.size() / (2 * std::pow(5.0, 24)), 1.0, 1e-12);
  EXPECT_EQ(deep.index_of(deep.at(12'345)), 12'345U) << "although the last index needs more than 64 bits";
}

TEST(ConditionalSpace, WhatNoNetworkHasIsNoChoice) {
  // The kernel stands within candidate 1 of a copy of the choice, itself within candidate 0 of that choice.
  class Recursive : public SearchSpace {
   public:
    Recursive() : SearchSpace(definition()) {}

   private:
    static SpaceDefinition definition() {
      Graph inner("outer");
      inner.add_node_range(1, 2).add_edge(1, 2);
      Graph outer = inner.copy();
      inner.edge(1, 2).set_op(Candidates{ops::identity(), chain("never", {kernels()})});
      outer.edge(1, 2).set_op(Candidates{inner, ops::max_pool()});
      return {.graph = std::move(outer), .input_shape = kEight};
    }
  };
  const Recursive space;
  EXPECT_EQ(space.size(), 2.0);
  EXPECT_FALSE(space.is_active(choice_called(space, "never.edge_1_2"), {0, 0}));
  EXPECT_FALSE(space.is_active(choice_called(space, "never.edge_1_2"), {0, 1}));
}

TEST(ConditionalSpace, OfTheGraphOfAnotherSpaceIsTheSame) {
  class Of : public SearchSpace {
   public:
    explicit Of(const SearchSpace& other)
        : SearchSpace({.graph = other.graph(), .input_shape = other.input_shape()}) {}
  };
  const StagesSpace first(1);
  const Of second(first);
  EXPECT_EQ(second.choices().size(), first.choices().size());
  EXPECT_EQ(second.size(), first.size());
}

TEST(ConditionalSpace, StringsNameTheActiveChoicesAndNoOthers) {
  const NodeSpace space;
  EXPECT_EQ(space.to_string({0, 0}), "cell.node_2=identity");
  EXPECT_EQ(space.to_string({1, 2}), "inner.edge_1_2=k3;cell.node_2=other");
  const auto refusal = [&](const std::string& text) {
    try {
      (void)space.parse(text);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(refusal("inner.edge_1_2=k3;cell.node_2=identity"),
              AllOf(HasSubstr("inner.edge_1_2 is not active"), HasSubstr("character 1 ")));
  EXPECT_THAT(refusal("cell.node_2=inner"), HasSubstr("lacks inner.edge_1_2"));
  EXPECT_THAT(refusal("cell.node_2=iner"), HasSubstr("nearest"));
  for (const std::string& bad :
       {std::string(), std::string(";"), std::string("cell.node_2"), std::string("cell.node_2=identity;"),
        std::string("x=identity"), std::string("cell.node_2=identity;cell.node_2=identity")})
    EXPECT_NE(refusal(bad), "accepted") << bad;
}

/// A cell of three edges in which exactly one may be open.
class OneOpen : public SearchSpace {
 public:
  OneOpen() : SearchSpace(definition()) { set_name("one_open"); }

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    cell.update_edges([](EdgeData& edge) { edge.set_op(Candidates{ops::zero(), ops::identity()}); });
    return {.graph = std::move(cell), .input_shape = kEight};
  }
  void check_impl(const Architecture& architecture) const override {
    const auto open = std::ranges::count(architecture.choices(), 1);
    if (open == 0 || open == 3) throw UsageError({.what = "no edge is open, or all are"});
  }
};

TEST(ConstrainedSpace, OneFunctionMakesAllOthersKeepToIt) {
  const OneOpen space;
  Rng rng(2, "constrained");
  std::map<Architecture, int> drawn;
  for (int i = 0; i < 6000; ++i) ++drawn[space.sample(rng)];
  EXPECT_EQ(drawn.size(), 6U);
  for (const auto& [architecture, count] : drawn) {
    EXPECT_NEAR(count, 1000, 150) << "uniform";
    EXPECT_TRUE(space.is_valid(architecture));
    EXPECT_THAT(space.neighbours(architecture), ::testing::SizeIs(2));
    for (int i = 0; i < 20; ++i)
      EXPECT_THAT(space.neighbours(architecture), ::testing::Contains(space.mutate(architecture, rng)));
  }
  EXPECT_FALSE(space.is_valid({0, 0, 0}));
  EXPECT_FALSE(space.is_valid({}));
  EXPECT_EQ(space.discretize({{0.9, 0.1}, {0.9, 0.1}, {0.6, 0.4}}), (Architecture{0, 0, 1}))
      << "the most probable that is valid";
  EXPECT_TRUE(space.is_valid(space.discretize({{1, 0}, {1, 0}, {1, 0}}))) << "a weight of 0 comes last";
  EXPECT_TRUE(space.is_valid(space.discretize({{1, 1e-30}, {1, 1e-30}, {1, 1e-30}})));
}

template <class Make>
ErrorDetails mistake(Make make) {
  class Made : public SearchSpace {
   public:
    explicit Made(SpaceDefinition definition) : SearchSpace(std::move(definition)) {}
  };
  try {
    Made{make()};
  } catch (const Error& error) {
    return error.details();
  }
  ADD_FAILURE() << "accepted";
  return {};
}

TEST(SpaceMistakes, CandidatesThatNothingChoosesFrom) {
  const auto outside = mistake([] {
    Graph inside = chain("inside", {kernels()});
    inside.set_scope("searched");
    return SpaceDefinition{
        .graph = chain("network", {inside, kernels()}), .scopes = {"searched"}, .input_shape = kEight};
  });
  EXPECT_THAT(outside.what, HasSubstr("nothing chooses from the 2 candidates at network.edge_2_3"));
  const auto final_edge = mistake([] {
    Graph network = chain("network", {kernels(), kernels()});
    network.edge(2, 3).set_final();
    return SpaceDefinition{.graph = network, .input_shape = kEight};
  });
  EXPECT_THAT(final_edge.expected, HasSubstr("one operation on a final edge"));
  const auto list = mistake([] {
    return SpaceDefinition{.graph = chain("network", {Candidates{kernels(), ops::identity()}}),
                           .input_shape = kEight};
  });
  EXPECT_THAT(list.what, HasSubstr("is itself a list of candidates"));
}

TEST(SpaceMistakes, CandidatesOfDifferentShapes) {
  const auto make = [](bool discrete_only) {
    return SpaceDefinition{.graph = chain("network", {Candidates{ops::relu_conv_bn(4, 1).renamed("narrow"),
                                                                 ops::relu_conv_bn(8, 1).renamed("wide")}}),
                           .input_shape = kEight,
                           .discrete_only = discrete_only};
  };
  const auto details = mistake([&] { return make(false); });
  EXPECT_THAT(details.what, HasSubstr("narrow gives 4×8×8, wide gives 8×8×8"));
  EXPECT_THAT(details.where, HasSubstr("edge_1_2"));
  EXPECT_THAT(details.remedy, AllOf(HasSubstr("pad"), HasSubstr("discrete_only")));

  class Discrete : public SearchSpace {
   public:
    explicit Discrete(SpaceDefinition definition) : SearchSpace(std::move(definition)) {}
  };
  Discrete space(make(true));
  space.set_name("widths");
  EXPECT_FALSE(space.has_supernet());
  EXPECT_GT(space.parameters({1}), space.parameters({0}));
  EXPECT_THROW((void)space.relax([](std::size_t) { return nullptr; }), UsageError);
}

TEST(SpaceMistakes, ChoicesWithinEachOther) {
  const auto details = mistake([] {
    Graph first("first");
    first.add_node_range(1, 2).add_edge(1, 2);
    Graph second("second");
    second.add_node_range(1, 2).add_edge(1, 2);
    const auto within = [](const Graph& outer, const Graph& inner) {
      Graph plain = inner.copy();
      plain.edge(1, 2).set_op(Candidates{ops::identity(), ops::max_pool()});
      Graph holder = outer.copy();
      holder.edge(1, 2).set_op(Candidates{plain, ops::identity()});
      return holder;
    };
    return SpaceDefinition{
        .graph = chain("network", {Candidates{within(first, second), within(second, first)}}),
        .input_shape = kEight};
  });
  EXPECT_THAT(details.what, HasSubstr("each lie within candidates of the other"));
  EXPECT_THAT(details.remedy, HasSubstr("nest a clone"));
}

TEST(SpaceMistakes, TwoChoicesOfOneName) {
  const auto details = mistake([] {
    Graph network = chain("network", {kernels(), kernels()});
    network.edge(1, 2).set_choice_name("kernel");
    network.edge(2, 3).set_choice_name("kernel");
    return SpaceDefinition{.graph = network, .input_shape = kEight};
  });
  EXPECT_THAT(details.what, HasSubstr("two choices are called \"kernel\""));
}

}  // namespace
}  // namespace espalier
