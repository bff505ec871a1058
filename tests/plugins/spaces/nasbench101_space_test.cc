#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/host/host.h"
#include "espalier/plan/layer_graph.h"
#include "plugins/spaces/nasbench101_cells.h"
#include "plugins/spaces/space_fixture.h"
#include "sanitized.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ModelSpec;
using ::testing::UnorderedElementsAre;

constexpr std::uint64_t kCells = 423'624;

class NASBench101SpaceTest : public testing::SpaceTest {
 protected:
  NASBench101SpaceTest() : SpaceTest("nasbench101") {}
  std::vector<std::string> neighbours(std::string_view cell) {
    std::vector<std::string> all;
    for (const Architecture& neighbour : space_->neighbours(space_->parse(cell)))
      all.push_back(space_->to_string(neighbour));
    return all;
  }
};

TEST_F(NASBench101SpaceTest, ChoosesEdgesAndOperations) {
  ASSERT_EQ(space_->choices().size(), 26U);
  EXPECT_EQ(space_->choices()[0].name, "cell.edge_1_2");
  EXPECT_EQ(space_->choices()[20].name, "cell.edge_6_7");
  EXPECT_THAT(space_->choices()[20].candidates, ElementsAre("none", "identity"));
  EXPECT_THAT(space_->choices()[21].candidates,
              ElementsAre("none", "conv3x3-bn-relu", "conv1x1-bn-relu", "maxpool3x3"));
  EXPECT_THAT(space_->scopes(), ElementsAre("stack_1", "stack_2", "stack_3"));
}

TEST_F(NASBench101SpaceTest, HasAsManyCellsOfEachSizeAsPublished) {
  EXPECT_EQ(space_->size(), kCells);
  std::map<std::ptrdiff_t, int> counts;
  for (std::uint64_t index = 0; index < kCells; ++index) {
    const Architecture cell = space_->at(index);
    ++counts[5 - std::ranges::count(cell.choices().subspan(21), 0)];
  }
  EXPECT_THAT(counts, ElementsAre(std::pair(0, 1), std::pair(1, 6), std::pair(2, 84), std::pair(3, 2441),
                                  std::pair(4, 62'010), std::pair(5, 359'082)));
}

/// Every cell of the authors' data has its hash and its parameters, in the form of which the space reads it
/// and in the one by which the space knows it.
TEST_F(NASBench101SpaceTest, HashesAndParametersArePublished) {
  const auto cells = testing::published_cells();
  ASSERT_EQ(cells.size(), 700U);
  const std::size_t stride = testing::kSanitized ? 50 : 1;
  for (std::size_t i = 0; i < cells.size(); i += stride) {
    EXPECT_EQ(cells[i].spec.hash(), cells[i].hash);
    const Architecture cell = space_->parse(cells[i].spec.text());
    EXPECT_EQ(testing::model_spec(cell).hash(), cells[i].hash);
    EXPECT_EQ(static_cast<double>(space_->parameters(cell)), cells[i].parameters) << cells[i].spec.text();
    EXPECT_EQ(space_->parse(space_->to_string(cell)), cell);
  }
}

/// All graphs of so many vertices or fewer of which nothing would be pruned, in all labelings.
std::vector<ModelSpec> all_specs(std::size_t most) {
  std::vector<ModelSpec> all;
  for (std::size_t size = 2; size <= most; ++size) {
    for (std::uint32_t bits = 0; bits < 1U << size * (size - 1) / 2; ++bits) {
      if (std::popcount(bits) > 9) continue;
      ModelSpec spec;
      spec.matrix.assign(size, std::vector<bool>(size, false));
      std::set<std::size_t> left;
      std::set<std::size_t> entered;
      for (std::size_t to = 1, bit = 0; to < size; ++to)
        for (std::size_t from = 0; from < to; ++from, ++bit) {
          if ((bits >> bit & 1U) == 0) continue;
          spec.matrix[from][to] = true;
          left.insert(from);
          entered.insert(to);
        }
      if (left.size() + 1 < size || entered.size() + 1 < size) continue;
      spec.labels.assign(size - 2, 0);
      for (std::size_t digit = 0; digit < spec.labels.size() || digit == 0;) {
        all.push_back(spec);
        for (digit = 0; digit < spec.labels.size() && ++spec.labels[digit] == 3; ++digit)
          spec.labels[digit] = 0;
        if (digit == spec.labels.size()) break;
        digit = 0;
      }
    }
  }
  return all;
}

/// Two graphs are one cell of the space exactly when they have the same official hash.
/// scripts/pack-nasbench101 finds the same for all 423,624 cells, in minutes.
TEST_F(NASBench101SpaceTest, CellsAreEqualWhenTheirOfficialHashesAre) {
  std::map<std::string, Architecture> by_hash;
  std::set<Architecture> cells;
  for (const ModelSpec& spec : all_specs(testing::kSanitized ? 5 : 6)) {
    const Architecture cell = space_->canonical(testing::combination(spec));
    ASSERT_EQ(by_hash.emplace(spec.hash(), cell).first->second, cell) << spec.text();
    cells.insert(cell);
  }
  EXPECT_EQ(by_hash.size(), testing::kSanitized ? 2'532U : 64'542U);
  EXPECT_EQ(cells.size(), by_hash.size());
}

TEST_F(NASBench101SpaceTest, ReadsWhatWouldBePruned) {
  const std::string cell = "|maxpool3x3~0|output~1|";
  EXPECT_EQ(space_->to_string(space_->parse("|conv3x3-bn-relu~0|maxpool3x3~0|conv1x1-bn-relu~2|output~2|")),
            cell);
  EXPECT_EQ(space_->to_string(space_->parse(" [[0,1,1, 0],[0,0,0,0],[0, 0,0,1],\n[0,0,0,0]],"
                                            "[\"input\",\"conv3x3-bn-relu\", \"maxpool3x3\", \"output\"] ")),
            cell);
  EXPECT_EQ(space_->to_string(space_->parse("[[0, 1], [0, 0]], ['input', 'output']")), "|output~0|");
}

TEST_F(NASBench101SpaceTest, CanonicalTakesUnusedPartsOffAndOrdersTheRest) {
  const Architecture chain = space_->parse("|maxpool3x3~0|output~1|");
  Architecture cell = Architecture::zeros(26);
  cell.set(3, 1);   // 0 → 3
  cell.set(18, 1);  // 3 → 6
  cell.set(0, 1);   // 0 → 1, from where nothing leads on
  cell.set(21, 1);
  cell.set(23, 3);
  EXPECT_FALSE(space_->is_valid(cell));
  EXPECT_EQ(space_->canonical(cell), chain);
  try {
    space_->check(cell);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("parts without effect"), HasSubstr("|maxpool3x3~0|output~1|"),
                                    HasSubstr("canonical()")));
  }
}

TEST_F(NASBench101SpaceTest, NeighboursAreOneChangeAway) {
  EXPECT_THAT(neighbours("|output~0|"),
              UnorderedElementsAre("|conv3x3-bn-relu~0|output~0~1|", "|conv1x1-bn-relu~0|output~0~1|",
                                   "|maxpool3x3~0|output~0~1|"));
  EXPECT_THAT(
      neighbours("|conv3x3-bn-relu~0|output~0~1|"),
      ::testing::IsSupersetOf({"|output~0|", "|maxpool3x3~0|output~0~1|", "|conv3x3-bn-relu~0|output~1|",
                               "|conv3x3-bn-relu~0|maxpool3x3~0|output~0~1~2|"}));
  // Two operations; one more edge; a vertex on any of the three ways, with one of three operations.
  EXPECT_EQ(neighbours("|conv3x3-bn-relu~0|output~1|").size(), 2U + 1U + 9U);
}

TEST_F(NASBench101SpaceTest, MutantsAreOtherCellsOfEverySize) {
  const Architecture parent = space_->parse("|conv3x3-bn-relu~0|maxpool3x3~1|conv1x1-bn-relu~2|output~0~3|");
  std::map<std::ptrdiff_t, int> sizes;
  std::set<Architecture> mutants;
  constexpr int kMutants = 2'000;
  for (int i = 0; i < kMutants; ++i) {
    Rng rng(1, "mutants", static_cast<std::uint64_t>(i));
    const Architecture mutant = space_->mutate(parent, rng);
    EXPECT_NE(mutant, parent);
    ++sizes[5 - std::ranges::count(mutant.choices().subspan(21), 0)];
    mutants.insert(mutant);
  }
  EXPECT_EQ(sizes.size(), 6U);
  EXPECT_GT(sizes[3], kMutants / 4) << "most changes leave three vertices, or nearly so many";
  EXPECT_GT(mutants.size(), 300U);
}

TEST_F(NASBench101SpaceTest, ARelaxationStandsForTheHeaviestCellOfNineEdges) {
  std::vector<std::vector<double>> weights;
  for (const Choice& choice : space_->choices()) {
    weights.emplace_back(choice.candidates.size(), 0.1);
    weights.back()[1] = 0.9;
  }
  const Architecture found = space_->discretize(weights);
  EXPECT_EQ(std::ranges::count(found.choices().first(21), 1), 9);
  EXPECT_EQ(std::ranges::count(found.choices().subspan(21), 1), 5);
}

/// The layers of the first cell of a network of 128 channels whose name has this in it.
std::vector<std::string> layers_of(const SearchSpace& space, std::string_view cell, std::string_view part) {
  const LayerGraph layers =
      flatten(space.instantiate(space.parse(cell)), space.input_shape(), Purpose::evaluation);
  std::vector<std::string> found;
  for (const LayerGraph::Node& node : layers.nodes)
    if (node.name.find("stack_1.cell_1") != std::string::npos ||
        node.name.find("stack_1.cell.") != std::string::npos)
      if (node.layer.describe().find(part) != std::string::npos)
        found.push_back(node.layer.describe() + " → " + to_string(node.shape));
  return found;
}

TEST_F(NASBench101SpaceTest, TheFirstOfThreeVerticesBeforeTheOutputHaveAChannelMore) {
  EXPECT_THAT(
      layers_of(*space_, "|conv1x1-bn-relu~0|conv1x1-bn-relu~0|conv1x1-bn-relu~0|output~1~2~3|", "concat"),
      ElementsAre("concat → 128×32×32"));
  EXPECT_THAT(layers_of(*space_, "|conv3x3-bn-relu~0|conv3x3-bn-relu~0|conv3x3-bn-relu~0|output~1~2~3|",
                        "conv2d 3x3"),
              ElementsAre(HasSubstr("43×32×32"), HasSubstr("43×32×32"), HasSubstr("42×32×32")));
}

TEST_F(NASBench101SpaceTest, AVertexReadsTheFirstChannelsOfAWiderOne) {
  EXPECT_THAT(
      layers_of(*space_, "|conv3x3-bn-relu~0|conv3x3-bn-relu~1|conv3x3-bn-relu~1~2|output~1~2~3|", "slice"),
      ElementsAre("slice [0, 42) → 42×32×32", "slice [0, 42) → 42×32×32"));
}

TEST_F(NASBench101SpaceTest, TakesImagesOfEverySizeAndOfOneChannel) {
  for (const int size : {4, 5, 7, 15, 28, 33}) {
    const auto space = host_.search_space(
        "nasbench101",
        "{channels: 5, cells_per_stack: 1, image_channels: 1, image_size: " + std::to_string(size) + "}");
    EXPECT_EQ(space->input_shape(), (Shape{1, size, size}));
    const Graph network = space->instantiate(space->at(kCells - 1));
    EXPECT_EQ(flatten(network, space->input_shape(), Purpose::evaluation).output(), (Shape{10, 1, 1}));
  }
}

TEST_F(NASBench101SpaceTest, RefusesCellsThatAreNone) {
  EXPECT_THAT(refusal("|maxpool3x3~0|output~0|x"), HasSubstr("character 24"));
  EXPECT_THAT(refusal("|maxpool3x3~0|conv3x3-bn-relu~1|output~2"), HasSubstr("expected: \"|\""));
  EXPECT_THAT(
      refusal("|conv5x5-bn-relu~0|output~1|"),
      AllOf(HasSubstr("character 2 "), HasSubstr("conv3x3-bn-relu, conv1x1-bn-relu"), HasSubstr("output")));
  EXPECT_THAT(refusal("|maxpool3x3~1|output~1|"), HasSubstr("vertices before it, 0 to 0"));
  EXPECT_THAT(refusal("|maxpool3x3~0|output~1~1|"), HasSubstr("each once"));
  EXPECT_THAT(
      refusal("|maxpool3x3~0|maxpool3x3~1|maxpool3x3~2|maxpool3x3~3|maxpool3x3~4|maxpool3x3~5|output~6|"),
      HasSubstr("at most 7 vertices"));
  EXPECT_THAT(refusal("[[0, 1], [1, 0]], ['input', 'output']"),
              HasSubstr("edges lead from a vertex to a later one"));
  EXPECT_THAT(refusal("[[0, 1, 0], [0, 0]], ['input', 'output']"), HasSubstr("rows of 3 columns"));
  EXPECT_THAT(refusal("[[0, 1, 0], [0, 0, 1]], ['input', 'maxpool3x3', 'output']"),
              HasSubstr("as many rows as columns"));
  EXPECT_THAT(refusal("[[0, 1], [0, 0], [0, 0]], ['input', 'output']"), HasSubstr("as many rows as columns"));
  EXPECT_THAT(refusal("[[0, 2], [0, 0]], ['input', 'output']"), HasSubstr("0 or 1"));
  EXPECT_THAT(refusal("[[0, 1], [0, 0]], ['output', 'input']"), HasSubstr("expected: \"input\""));
  EXPECT_THAT(refusal("[[0,0,0,0,0,0,0,0]], []"), HasSubstr("the end of the row: it has 7 columns"));
}

TEST_F(NASBench101SpaceTest, RefusesADisconnectedCell) {
  EXPECT_THAT(
      refusal("[[0, 1, 0], [0, 0, 0], [0, 0, 0]], ['input', 'maxpool3x3', 'output']"),
      AllOf(HasSubstr("no path leads from the input of the cell to its output"), HasSubstr("expected")));
  EXPECT_THAT(refusal("[[0]], ['input']"), HasSubstr("output"));
}

TEST_F(NASBench101SpaceTest, RefusesTooManyEdges) {
  EXPECT_THAT(refusal("|maxpool3x3~0|maxpool3x3~0~1|maxpool3x3~0~1~2|output~0~1~2~3|"),
              AllOf(HasSubstr("the cell has 10 edges"), HasSubstr("at most 9")));
}

}  // namespace
}  // namespace espalier
