#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/host/host.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/space/network_hash.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// The four computing nodes of a cell read two of two, three, four and five nodes, each by one of seven
/// operations.
constexpr std::uint64_t kCells = std::uint64_t{1 * 3 * 6 * 10} * 5'764'801;  // 7^8
constexpr std::uint64_t kSize = kCells * kCells;

/// The genotype that the authors published for the second-order search.
constexpr const char* kDartsV2 =
    "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), "
    "('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], "
    "normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), "
    "('max_pool_3x3', 1), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), "
    "('max_pool_3x3', 1)], reduce_concat=[2, 3, 4, 5])";
/// The same in our order: the pairs of a node are ordered by the node that they read.
constexpr const char* kCanonicalV2 =
    "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), "
    "('skip_connect', 0), ('sep_conv_3x3', 1), ('skip_connect', 0), ('dil_conv_3x3', 2)], "
    "normal_concat=range(2, 6), reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('max_pool_3x3', 1), "
    "('skip_connect', 2), ('max_pool_3x3', 0), ('skip_connect', 2), ('max_pool_3x3', 1), "
    "('skip_connect', 2)], reduce_concat=range(2, 6))";

class DARTSSpaceTest : public ::testing::Test {
 protected:
  std::string refusal(const std::string& text) const {
    try {
      (void)space_->parse(text);
    } catch (const UsageError& error) {
      return error.what();
    }
    ADD_FAILURE() << "accepted " << text;
    return {};
  }
  static std::string with(const std::string& from, const std::string& to) {
    std::string text = kCanonicalV2;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("darts");
};

TEST_F(DARTSSpaceTest, TheSupernetHasTheParametersOfTheAuthorsCode) {
  const LayerGraph supernet = flatten(space_->graph(), space_->input_shape(), Purpose::search);
  EXPECT_EQ(supernet.parameters(), 1'930'618);
  EXPECT_EQ(supernet.output(), (Shape{10, 1, 1}));
  EXPECT_EQ(space_->graph().instances(space_->scopes()).size(), 8U);
  ASSERT_EQ(space_->choices().size(), 28U);
  for (const Choice& choice : space_->choices()) EXPECT_EQ(choice.candidates.size(), 8U);
  EXPECT_EQ(space_->choices().front().name, "normal_cell.edge_1_3");
  EXPECT_EQ(space_->choices().back().name, "reduction_cell.edge_5_6");
}

TEST_F(DARTSSpaceTest, TheNetworkOfDartsV2HasTheParametersOfTheAuthorsCode) {
  const Graph network = space_->instantiate(space_->parse(kDartsV2));
  const LayerGraph layers = flatten(network, space_->input_shape(), Purpose::evaluation);
  EXPECT_EQ(layers.parameters(), 3'349'342) << "without the auxiliary head";
  EXPECT_EQ(space_->parameters(space_->parse(kDartsV2)), 3'349'342);
  EXPECT_EQ(space_->multiply_adds(space_->parse(kDartsV2)), layers.multiply_adds());
  ASSERT_TRUE(layers.auxiliary_output());
  const auto head = static_cast<std::size_t>(*layers.auxiliary_output());
  EXPECT_EQ(layers.nodes[head].shape, (Shape{10, 1, 1}));
  const auto of_head = [](const LayerGraph::Node& node) { return node.auxiliary; };
  std::int64_t parameters = 0;
  for (const LayerGraph::Node& node : layers.nodes) parameters += of_head(node) ? node.parameters : 0;
  EXPECT_EQ(parameters, 576 * 128 + 2 * 128 + 4 * 128 * 768 + 2 * 768 + 7690);

  const auto plain = host_.search_space("darts", "{auxiliary: false}");
  const LayerGraph without =
      flatten(plain->instantiate(plain->parse(kDartsV2)), plain->input_shape(), Purpose::evaluation);
  EXPECT_FALSE(without.auxiliary_output());
  EXPECT_EQ(without.parameters(), 3'349'342);
  EXPECT_EQ(without.multiply_adds(), layers.multiply_adds());
}

TEST_F(DARTSSpaceTest, CountsAreThoseOfTheNetworkFromScratch) {
  Rng rng(5, "test");
  for (int i = 0; i < 10; ++i) {
    const Architecture sample = space_->sample(rng);
    const LayerGraph layers =
        flatten(space_->instantiate(sample), space_->input_shape(), Purpose::evaluation);
    EXPECT_EQ(space_->parameters(sample), layers.parameters());
    EXPECT_EQ(space_->multiply_adds(sample), layers.multiply_adds());
    EXPECT_GT(space_->multiply_adds(sample), space_->parameters(sample));
  }
}

TEST_F(DARTSSpaceTest, ANetworkFromScratchHasTwentyCellsThatDropPathsButIdentities) {
  const Graph network = space_->instantiate(space_->parse(kDartsV2));
  EXPECT_EQ(network.instances(space_->scopes()).size(), 20U);
  EXPECT_EQ(network.instances({"reduction_1"}).size() + network.instances({"reduction_2"}).size(), 2U);
  const LayerGraph layers = flatten(network, space_->input_shape(), Purpose::evaluation);
  std::map<std::string, int> dropped;
  for (const LayerGraph::Node& node : layers.nodes) {
    if (node.layer.get_if<DropPath>() == nullptr) continue;
    const std::size_t end = node.name.rfind('.');
    const std::size_t begin = node.name.rfind('.', end - 1) + 1;
    ++dropped[node.name.substr(begin, end - begin)];
  }
  // 18 normal cells of five separable and one dilated convolution. A reduction cell has five pools; its three
  // skip connections read nodes of the cell, with stride 1.
  EXPECT_EQ(dropped, (std::map<std::string, int>{
                         {"sep_conv_3x3", 18 * 5}, {"dil_conv_3x3", 18}, {"max_pool_3x3", 2 * 5}}));
  // A candidate pool is normalized only during a search.
  const auto is_norm_of_pool = [](const LayerGraph::Node& node) {
    return node.name.find("max_pool") != std::string::npos && node.layer.get_if<BatchNorm>() != nullptr;
  };
  EXPECT_TRUE(std::none_of(layers.nodes.begin(), layers.nodes.end(), is_norm_of_pool));
  const LayerGraph supernet = flatten(space_->graph(), space_->input_shape(), Purpose::search);
  EXPECT_TRUE(std::any_of(supernet.nodes.begin(), supernet.nodes.end(), is_norm_of_pool));
}

TEST_F(DARTSSpaceTest, AStridedSkipConnectionIsAFactorizedReduction) {
  const Graph network =
      space_->instantiate(space_->parse(with("reduce=[('max_pool_3x3', 0)", "reduce=[('skip_connect', 0)")));
  const LayerGraph layers = flatten(network, space_->input_shape(), Purpose::evaluation);
  const auto found = std::find_if(layers.nodes.begin(), layers.nodes.end(), [](const auto& node) {
    return node.name == "reduction_1.reduction_cell_1.edge_1_3.skip_connect.conv_2";
  });
  ASSERT_NE(found, layers.nodes.end());
  EXPECT_EQ(found->shape, (Shape{36, 16, 16}));
}

TEST_F(DARTSSpaceTest, PublishedGenotypesAreRead) {
  EXPECT_EQ(space_->to_string(space_->parse(kDartsV2)), kCanonicalV2);
  // Other quotes, and white space as a file may have it.
  std::string other = kCanonicalV2;
  std::replace(other.begin(), other.end(), '\'', '"');
  for (std::size_t at = 0; (at = other.find(", ", at)) != std::string::npos; at += 4)
    other.replace(at, 2, "\n ,\t");
  EXPECT_EQ(space_->to_string(space_->parse(other)), kCanonicalV2);
}

TEST_F(DARTSSpaceTest, CountsItsArchitecturesAsThePaperDoes) {
  EXPECT_DOUBLE_EQ(space_->size(), static_cast<double>(kSize));
  for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}, kSize / 3, kSize - 1})
    EXPECT_EQ(space_->index_of(space_->at(index)), index);
  EXPECT_THROW((void)space_->at(kSize), UsageError);
}

TEST_F(DARTSSpaceTest, SamplesAreUniform) {
  Rng rng(2, "test");
  constexpr int kDraws = 30'000;
  std::map<std::uint64_t, int> pairs;  // read by the last node, two of five
  std::map<int, int> operations;
  for (int i = 0; i < kDraws; ++i) {
    const Architecture architecture = space_->sample(rng);
    std::uint64_t mask = 0;
    for (std::size_t from = 0; from < 5; ++from) mask |= architecture[9 + from] != 0 ? 1ULL << from : 0;
    ++pairs[mask];
    for (std::size_t from = 0; from < 2; ++from) ++operations[architecture[from]];
  }
  ASSERT_EQ(pairs.size(), 10U);
  for (const auto& [mask, count] : pairs) EXPECT_NEAR(count, kDraws / 10, 5 * std::sqrt(kDraws * 0.09));
  ASSERT_EQ(operations.size(), 7U) << "never none";
  for (const auto& [operation, count] : operations)
    EXPECT_NEAR(count, 2 * kDraws / 7, 5 * std::sqrt(2 * kDraws * 6 / 49.0));
}

TEST_F(DARTSSpaceTest, NeighboursDifferInOneOperationOrOneInput) {
  Rng rng(3, "test");
  const Architecture architecture = space_->sample(rng);
  const std::vector<Architecture> neighbours = space_->neighbours(architecture);
  // Each of 16 edges can take six other operations, and each of the two edges into node j can move to j
  // others.
  EXPECT_EQ(neighbours.size(), 16U * 6U + 2U * (2U + 4U + 6U));
  const std::set<Architecture> distinct(neighbours.begin(), neighbours.end());
  EXPECT_EQ(distinct.size(), neighbours.size());
  EXPECT_FALSE(distinct.contains(architecture));
  for (const Architecture& neighbour : neighbours) {
    space_->check(neighbour);
    const auto back = space_->neighbours(neighbour);
    EXPECT_NE(std::find(back.begin(), back.end(), architecture), back.end());
  }
  std::set<Architecture> reached;
  int moved = 0;
  constexpr int kMutants = 20'000;
  for (int i = 0; i < kMutants; ++i) {
    const Architecture mutant = space_->mutate(architecture, rng);
    EXPECT_TRUE(distinct.contains(mutant));
    reached.insert(mutant);
    for (std::size_t edge = 0; edge < 28; ++edge)
      moved += (mutant[edge] == 0) != (architecture[edge] == 0) ? 1 : 0;
  }
  EXPECT_EQ(reached.size(), neighbours.size());
  EXPECT_NEAR(moved / 2, kMutants / 2, 5 * std::sqrt(kMutants / 4.0));
}

TEST_F(DARTSSpaceTest, DiscretizationKeepsTheTwoStrongestEdgesIntoANode) {
  // On every edge `none` weighs most, and then sep_conv_3x3 (4), whose weight grows with the index of the
  // edge.
  std::vector<std::vector<double>> weights(28, std::vector<double>(8, 0.01));
  for (std::size_t edge = 0; edge < 28; ++edge) {
    weights[edge][0] = 0.9;
    weights[edge][4] = 0.02 + 0.001 * static_cast<double>(edge);
  }
  weights[2][1] = 0.5;  // the edge from input 0 into the second node: a max pool
  const std::string genotype = space_->to_string(space_->discretize(weights));
  EXPECT_THAT(genotype, HasSubstr("normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('max_pool_3x3', 0), "
                                  "('sep_conv_3x3', 2), ('sep_conv_3x3', 2), ('sep_conv_3x3', 3), "
                                  "('sep_conv_3x3', 3), ('sep_conv_3x3', 4)]"));
}

TEST_F(DARTSSpaceTest, MalformedGenotypesAreRefused) {
  EXPECT_THAT(refusal(with("('skip_connect', 0)", "('skip_conect', 0)")),
              AllOf(HasSubstr("\"skip_conect\" is not an operation"), HasSubstr("nearest:  skip_connect"),
                    HasSubstr("character ")));
  EXPECT_THAT(refusal(with("('sep_conv_3x3', 0)", "('none', 0)")), HasSubstr("\"none\" is not an operation"));
  EXPECT_THAT(
      refusal(with("('sep_conv_3x3', 1)", "('sep_conv_3x3', 2)")),
      AllOf(HasSubstr("node 2 reads node 2, which is not an earlier node"), HasSubstr("expected: 0 to 1")));
  EXPECT_THAT(refusal(with("('sep_conv_3x3', 1)", "('sep_conv_3x3', 0)")),
              HasSubstr("node 2 reads node 0 twice"));
  EXPECT_THAT(refusal(with(", ('dil_conv_3x3', 2)]", "]")), HasSubstr("expected: \",\""));
  EXPECT_THAT(refusal(with("('dil_conv_3x3', 2)]", "('dil_conv_3x3', 2), ('dil_conv_3x3', 1)]")),
              HasSubstr("the end of the cell: eight pairs"));
  EXPECT_THAT(refusal(with("range(2, 6)", "range(1, 6)")), HasSubstr("expected: \"2\""));
  EXPECT_THAT(refusal("|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|"),
              AllOf(HasSubstr("not a DARTS genotype"), HasSubstr("espalier sample darts")));
  const std::string whole = kCanonicalV2;
  for (std::size_t length = 0; length < whole.size(); ++length) (void)refusal(whole.substr(0, length));
  (void)refusal(whole + "x");
  (void)refusal(std::string(100'000, '('));

  Architecture three = space_->parse(kCanonicalV2);
  three.set(4, 3);  // a third edge into the second node
  EXPECT_THROW(space_->check(three), UsageError);
  EXPECT_THROW((void)space_->to_string(three), UsageError);
  EXPECT_THROW((void)space_->instantiate(Architecture::zeros(28)), UsageError);
}

TEST_F(DARTSSpaceTest, OptionsThatDoNotFitAreRefused) {
  const auto message = [&](const std::string& options) {
    try {
      (void)host_.search_space("darts", options);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(message("{cells: 2}"), HasSubstr("cells"));
  EXPECT_THAT(message("{channels: 0}"), HasSubstr("channels"));
  // The smallest network can be searched and trained from scratch.
  const auto tiny = host_.search_space(
      "darts",
      "{channels: 1, cells: 3, evaluation_channels: 1, evaluation_cells: 3, image_size: 29, classes: 2}");
  EXPECT_EQ(flatten(tiny->graph(), tiny->input_shape(), Purpose::search).output(), (Shape{2, 1, 1}));
  Rng rng(4, "test");
  for (int i = 0; i < 20; ++i) {
    const LayerGraph layers =
        flatten(tiny->instantiate(tiny->sample(rng)), tiny->input_shape(), Purpose::evaluation);
    EXPECT_EQ(layers.output(), (Shape{2, 1, 1}));
    EXPECT_TRUE(layers.auxiliary_output());
  }
}

TEST_F(DARTSSpaceTest, EverySizeCanBeSearchedAndTheHeadIsRefusedOnlyWhereItIsUsed) {
  for (const int size : {4, 5, 6, 7, 8, 11, 15, 16, 27, 28, 29, 30, 31, 33, 61}) {
    const std::string options = fmt::format(
        "channels: 2, cells: 3, evaluation_channels: 2, evaluation_cells: 3, image_size: {}", size);
    const auto space = host_.search_space("darts", "{" + options + "}");
    EXPECT_EQ(flatten(space->graph(), space->input_shape(), Purpose::search).output(), (Shape{10, 1, 1}));
    const auto plain = host_.search_space("darts", "{auxiliary: false, " + options + "}");
    const Architecture found = space->parse(kDartsV2);
    EXPECT_EQ(space->parameters(found), plain->parameters(found)) << "counts leave the head out";
    EXPECT_EQ(space->multiply_adds(found), plain->multiply_adds(found));
    const auto train = [&](const SearchSpace& of) {
      return flatten(of.instantiate(found), of.input_shape(), Purpose::evaluation);
    };
    EXPECT_FALSE(train(*plain).auxiliary_output());
    if (size >= 29) {
      EXPECT_TRUE(train(*space).auxiliary_output()) << size;
      continue;
    }
    try {
      train(*space);
      ADD_FAILURE() << "the head fits images of " << size;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("auxiliary head does not fit"),
                                      HasSubstr("expected: 32×8×8 or more"), HasSubstr("auxiliary: false")));
    }
  }
}

TEST_F(DARTSSpaceTest, GrayImagesChangeTheStemAlone) {
  const auto gray = host_.search_space("darts", "{image_channels: 1}");
  EXPECT_EQ(gray->input_shape(), (Shape{1, 32, 32}));
  EXPECT_EQ(gray->parameters(gray->parse(kDartsV2)), 3'349'342 - 2 * 9 * 3 * 36);
}

TEST_F(DARTSSpaceTest, NestedListsAndTheFieldsInAnyOrderAreRead) {
  Rng rng(6, "test");
  for (int i = 0; i < 50; ++i) {
    const Architecture sample = space_->sample(rng);
    const std::string flat = space_->to_string(sample);
    ASSERT_EQ(space_->parse(flat), sample);
    // A list of its own for the two pairs of each node.
    std::string nested;
    int pairs = 0;
    for (std::size_t at = 0; at < flat.size(); ++at) {
      const bool opens = flat.substr(at, 2) == "('";
      if (opens && pairs % 2 == 0) nested += '[';
      nested += flat[at];
      if (at > 1 && flat[at] == ')' && flat[at - 2] == ' ' && flat[at - 1] != '6') {
        ++pairs;
        if (pairs % 2 == 0) nested += ']';
      }
    }
    ASSERT_EQ(pairs, 16) << nested;
    EXPECT_EQ(space_->parse(nested), sample) << nested;
    EXPECT_EQ(space_->parse("FOUND = " + nested + "\r\n"), sample);
    const std::size_t reduce = flat.find(", reduce=");
    const std::string swapped = "Genotype(" + flat.substr(reduce + 2, flat.size() - reduce - 3) + ", " +
                                flat.substr(9, reduce - 9) + ",)";
    EXPECT_EQ(space_->parse(swapped), sample) << swapped;
  }
  const std::string cells = "normal=[[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0)]";
  EXPECT_THAT(refusal("Genotype(" + cells), HasSubstr("the end of the node: two pairs"));
  EXPECT_THAT(refusal("Genotype(normal_concat=range(2, 6), normal_concat=range(2, 6)"),
              HasSubstr("expected: one of normal, reduce and reduce_concat"));
}

TEST_F(DARTSSpaceTest, NodesInAnotherOrderAreTheSameNetwork) {
  const auto genotype = [](const std::string& first, const std::string& second, int a, int b) {
    return fmt::format(
        "Genotype(normal=[{}, {}, ('sep_conv_3x3', 0), ('skip_connect', {}), ('max_pool_3x3', 1), "
        "('dil_conv_5x5', {})], normal_concat=range(2, 6), reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), "
        "('max_pool_3x3', 1), ('skip_connect', 2), ('max_pool_3x3', 0), ('skip_connect', 2), "
        "('max_pool_3x3', 1), ('skip_connect', 2)], reduce_concat=range(2, 6))",
        first, second, a, b);
  };
  const auto hash = [&](const std::string& text) { return network_hash(*space_, space_->parse(text)); };
  const std::string pools = "('avg_pool_3x3', 0), ('max_pool_3x3', 1)";
  const std::string convolutions = "('sep_conv_3x3', 0), ('sep_conv_5x5', 1)";
  const std::uint64_t network = hash(genotype(pools, convolutions, 2, 3));
  EXPECT_EQ(network, hash(genotype(convolutions, pools, 3, 2)));
  EXPECT_NE(network, hash(genotype(pools, convolutions, 3, 2)));
  EXPECT_NE(network, hash(genotype(pools, convolutions, 3, 3)));
  // Where nodes 2 and 3 are alike, it matters whether one of them is read twice.
  EXPECT_EQ(hash(genotype(pools, pools, 2, 2)), hash(genotype(pools, pools, 3, 3)));
  EXPECT_NE(hash(genotype(pools, pools, 2, 2)), hash(genotype(pools, pools, 2, 3)));
}

}  // namespace
}  // namespace espalier
