#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "espalier/data/data_path.h"
#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/host/host.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/space/network_hash.h"
#include "plugins/spaces/space_fixture.h"
#include "sanitized.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t kCells = 15'625;

// Every cell takes seconds, but minutes with sanitizers.
constexpr std::size_t kStride = testing::kSanitized ? 16 : 1;

/// One column of a table, keyed by the official index of the cell.
std::map<int, std::string> column(const std::string& file, const std::string& name) {
  std::ifstream compressed(find_data(file), std::ios::binary);
  boost::iostreams::filtering_istream lines;
  lines.push(boost::iostreams::gzip_decompressor());
  lines.push(compressed);

  const auto split = [](const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream stream(line);
    for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
    return fields;
  };
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> header = split(line);
  const auto wanted = static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
  std::map<int, std::string> values;
  while (std::getline(lines, line)) {
    const std::vector<std::string> fields = split(line);
    values.emplace(std::stoi(fields.front()), fields.at(wanted));
  }
  return values;
}

class NASBench201SpaceTest : public testing::SpaceTest {
 protected:
  NASBench201SpaceTest() : SpaceTest("nasbench201") {}
  static LayerGraph network(const SearchSpace& space, const Architecture& architecture) {
    return flatten(space.instantiate(architecture), space.input_shape(), Purpose::evaluation);
  }
};

TEST_F(NASBench201SpaceTest, HasSixChoicesOfFiveOperations) {
  ASSERT_EQ(space_->choices().size(), 6U);
  for (const Choice& choice : space_->choices())
    EXPECT_THAT(choice.candidates,
                ElementsAre("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"));
  EXPECT_EQ(space_->choices()[2].name, "cell.edge_2_3");
  EXPECT_EQ(space_->size(), kCells);
  EXPECT_THAT(space_->scopes(), ElementsAre("stage_1", "stage_2", "stage_3"));
}

TEST_F(NASBench201SpaceTest, EveryStringOfTheTableReadsPrintsAndHashesBack) {
  const auto cells = column("nasbench201.csv.gz", "arch");
  ASSERT_EQ(cells.size(), kCells);
  std::unordered_set<std::uint64_t> hashes;
  std::set<std::uint64_t> indices;
  for (const auto& [index, text] : cells) {
    const Architecture architecture = space_->parse(text);
    ASSERT_EQ(space_->to_string(architecture), text);
    ASSERT_EQ(space_->at(space_->index_of(architecture)), architecture);
    ASSERT_EQ(space_->parse(text).hash(), architecture.hash());
    hashes.insert(architecture.hash());
    indices.insert(space_->index_of(architecture));
  }
  EXPECT_EQ(hashes.size(), kCells);
  EXPECT_EQ(indices.size(), kCells);
  EXPECT_EQ(*indices.rbegin(), kCells - 1);
}

TEST_F(NASBench201SpaceTest, ParametersAndFlopsAreThoseOfTheTables) {
  const auto cells = column("nasbench201.csv.gz", "arch");
  const auto parameters = column("nasbench201.csv.gz", "params_m");
  const auto flops = column("nasbench201_zero_cost.csv.gz", "flops");
  ASSERT_EQ(parameters.size(), kCells);
  ASSERT_EQ(flops.size(), 9'445U);
  for (std::size_t index = 0; index < kCells; index += kStride) {
    const int row = static_cast<int>(index);
    const Architecture cell = space_->parse(cells.at(row));
    // The tables give millions: parameters exactly, FLOPs with seven digits.
    ASSERT_EQ(fmt::format("{:.6f}", static_cast<double>(space_->parameters(cell)) / 1e6), parameters.at(row))
        << row;
    if (const auto value = flops.find(row); value != flops.end()) {
      const std::int64_t count = network(*space_, cell).flops();
      ASSERT_EQ(fmt::format("{:.7g}", static_cast<double>(count) / 1e6), value->second) << row;
    }
  }
}

TEST_F(NASBench201SpaceTest, MultiplyAddsAreThePublishedFlops) {
  // The records of NATS-Bench (Dong et al., 2021), in millions, for the cells 0, 11 and 284.
  struct Published {
    std::string dataset;
    std::string options;
    std::vector<std::string> parameters;
    std::vector<std::string> flops;
  };
  const std::vector<std::string> cells = {
      "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|",
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|none~0|nor_conv_3x3~1|avg_pool_3x3~2|",
      "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|none~0|nor_conv_1x1~1|none~2|"};
  const std::vector<Published> records = {
      {"CIFAR-10", "{}", {"0.1293", "0.8024", "0.1013"}, {"15.6474", "113.9514", "11.7152"}},
      {"CIFAR-100", "{classes: 100}", {"0.1352", "0.8083", "0.1072"}, {"15.6532", "113.9572", "11.7211"}},
      {"ImageNet16-120",
       "{classes: 120, image_size: 16}",
       {"0.1365", "0.8096", "0.1085"},
       {"3.9195", "28.4955", "2.9364"}}};
  const auto millions = [](std::int64_t count) {
    return fmt::format("{:.4f}", static_cast<double>(count) / 1e6);
  };
  for (const Published& published : records) {
    const auto space = host_.search_space("nasbench201", published.options);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Architecture cell = space->parse(cells[i]);
      EXPECT_EQ(millions(space->multiply_adds(cell)), published.flops[i]) << published.dataset << cells[i];
      EXPECT_EQ(millions(space->parameters(cell)), published.parameters[i]) << published.dataset << cells[i];
    }
  }
}

TEST_F(NASBench201SpaceTest, NetworkHasReadableUniqueNames) {
  const LayerGraph layers = network(
      *space_,
      space_->parse("|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_1x1~1|none~2|"));
  std::set<std::string> names;
  for (const LayerGraph::Node& node : layers.nodes) EXPECT_TRUE(names.insert(node.name).second) << node.name;
  for (const char* name : {"stem.conv", "stage_1.cell_1.edge_1_2.nor_conv_3x3.conv",
                           "stage_2.cell_5.node_4.sum", "stage_3.cell_3.edge_2_4.nor_conv_1x1.bn",
                           "residual_block.conv_2", "residual_block_2.shortcut_conv", "classifier.linear"})
    EXPECT_TRUE(names.contains(name)) << name;
  EXPECT_EQ(layers.output(), (Shape{10, 1, 1}));
}

TEST_F(NASBench201SpaceTest, FifteenCellsShareSixEdges) {
  int all = 0;
  int shared = 0;
  std::set<const void*> identities;
  space_->graph().visit_edges(
      [&](const EdgeData& edge) {
        ++all;
        identities.insert(edge.shared_identity());
        ASSERT_NE(edge.op().candidates(), nullptr);
        EXPECT_EQ(edge.op().candidates()->size(), 5U);
      },
      space_->scopes());
  space_->graph().visit_edges([&](const EdgeData&) { ++shared; }, space_->scopes(), false);
  EXPECT_EQ(all, 15 * 6);
  EXPECT_EQ(shared, 6);
  EXPECT_EQ(identities.size(), 6U);
}

TEST_F(NASBench201SpaceTest, SupernetHasTheParametersCountedByHand) {
  // Stem 464, residual blocks 14,464 and 57,600, classifier 128 + 650.
  constexpr std::int64_t kMacro = 464 + 14'464 + 57'600 + 778;
  // 5 cells × 6 edges × (1×1 and 3×3: 10·C²) for C = 16, 32, 64, batch norms not affine in a search.
  constexpr std::int64_t kConvolutions = 5 * 6 * 10 * (16 * 16 + 32 * 32 + 64 * 64);
  // In training from scratch, each edge has two batch norms of 2·C parameters.
  constexpr std::int64_t kNorms = 5 * 6 * 2 * 2 * (16 + 32 + 64);
  const LayerGraph search = flatten(space_->graph(), space_->input_shape(), Purpose::search);
  EXPECT_EQ(search.parameters(), kMacro + kConvolutions);
  EXPECT_EQ(flatten(space_->graph(), space_->input_shape(), Purpose::evaluation).parameters(),
            kMacro + kConvolutions + kNorms);
  EXPECT_EQ(std::ranges::count_if(
                search.nodes,
                [](const auto& node) { return node.layer.template get_if<WeightedSum>() != nullptr; }),
            15 * 6);
}

TEST_F(NASBench201SpaceTest, OptionsChangeTheNetwork) {
  const auto small =
      host_.search_space("nasbench201", "{classes: 100, channels: 4, cells_per_stage: 1, image_size: 16}");
  EXPECT_EQ(small->input_shape(), (Shape{3, 16, 16}));
  const LayerGraph layers = network(*small, small->at(0));
  EXPECT_EQ(layers.output(), (Shape{100, 1, 1}));
  // `none` on all edges: only the stem, the two blocks and the classifier are left.
  EXPECT_EQ(layers.parameters(), (27 * 4 + 8) + (9 * 4 * 8 + 9 * 8 * 8 + 4 * 8 + 32) +
                                     (9 * 8 * 16 + 9 * 16 * 16 + 8 * 16 + 64) + 32 + (16 * 100 + 100));
  EXPECT_THROW((void)host_.search_space("nasbench201", "{channels: 0}"), UsageError);
  EXPECT_THROW((void)host_.search_space("nasbench201", "{image_size: 3}"), UsageError);
}

TEST_F(NASBench201SpaceTest, RefusesMalformedStringsPrecisely) {
  EXPECT_THAT(refusal(""), AllOf(HasSubstr("character 1 of"), HasSubstr("\"|\"")));
  EXPECT_THAT(refusal("|none~1|+|none~0|none~1|+|none~0|none~1|none~2|"),
              AllOf(HasSubstr("character 6 of"), HasSubstr("expected: \"~0|\""), HasSubstr("cell: \"~1|")));
  EXPECT_THAT(refusal("|none~0|+|none~0|+|none~0|none~1|none~2|"),
              AllOf(HasSubstr("character 18 of"), HasSubstr("an operation and \"~1|\"")));
  EXPECT_THAT(refusal("|none~0|+|none~0|none~1|"),
              AllOf(HasSubstr("character 25 of"), HasSubstr("the text ends")));
  EXPECT_THAT(refusal("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|x"),
              AllOf(HasSubstr("character 48 of"), HasSubstr("the end: a cell has six edges")));
  EXPECT_THAT(refusal("|none~0|+|none~0|none~1|+|none~0|none~1|none"), HasSubstr("\"~2|\""));
  EXPECT_THAT(refusal("(none, none, none, none, none)"), HasSubstr("expected: six operations"));
  EXPECT_THAT(refusal("(none, none, none, none, none, none, none)"), HasSubstr("a cell has six edges"));
  EXPECT_THAT(refusal("[[('none', 0)], [('none', 1)"), HasSubstr("expected: \"0\""));
  EXPECT_THAT(refusal("(4, 0, 3, 1, 4, 3)"), HasSubstr("the numbers of operations differ between programs"));
  EXPECT_THAT(refusal("#123"), HasSubstr("espalier query nasbench201 123"));
}

TEST_F(NASBench201SpaceTest, SuggestsTheNearestOperation) {
  EXPECT_THAT(refusal("|none~0|+|nor_conv_3x2~0|none~1|+|none~0|none~1|none~2|"),
              AllOf(HasSubstr("\"nor_conv_3x2\""), HasSubstr("nearest:  nor_conv_3x3"),
                    HasSubstr("character 11 of")));
  EXPECT_THAT(refusal("|None~0|+|none~0|none~1|+|none~0|none~1|none~2|"), HasSubstr("nearest:  none"));
}

TEST_F(NASBench201SpaceTest, RefusesForeignAndHostileStrings) {
  EXPECT_THAT(refusal("Genotype(normal=[('sep_conv_3x3', 0)])"), HasSubstr("not a NAS-Bench-201 cell"));
  const std::string valid = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|";
  EXPECT_NE(refusal(valid + std::string(1, '\0')), "accepted");
  EXPECT_NE(refusal(std::string("|no\0ne~0|", 9) + valid.substr(8)), "accepted");
  const std::string huge = refusal("|" + std::string(1'000'000, 'x'));
  EXPECT_LT(huge.size(), 2'000U);
  EXPECT_LT(refusal(valid + std::string(1'000'000, '|')).size(), 2'000U);
  for (std::size_t size = 0; size < valid.size(); ++size)
    EXPECT_NE(refusal(valid.substr(0, size)), "accepted") << size;
}

TEST_F(NASBench201SpaceTest, EveryFormOfACellReadsBack) {
  for (std::uint64_t index = 0; index < kCells; index += 7) {
    const Architecture cell = space_->at(index);
    const std::string text = space_->to_string(cell);
    std::string spaced = "\r\n";
    for (const char c : text) {
      if (c == '|' || c == '~' || c == '+') spaced += '\t';
      spaced += c;
      if (c == '|' || c == '~' || c == '+') spaced += "\r\n";
    }
    ASSERT_EQ(space_->parse(spaced), cell) << spaced;
    std::vector<std::string> ops;
    for (std::size_t edge = 0; edge < 6; ++edge)
      ops.push_back(space_->choices()[edge].candidates[cell[edge]]);
    ASSERT_EQ(space_->parse(fmt::format("({})", fmt::join(ops, ", "))), cell);
    ASSERT_EQ(space_->parse(fmt::format("[ '{}' ]\n", fmt::join(ops, "','"))), cell);
    // As the authors' Structure has its nodes.
    ASSERT_EQ(space_->parse(
                  fmt::format("((('{}', 0),), (('{}', 0), ('{}', 1)), ((\"{}\", 0), ('{}', 1), ('{}', 2)))",
                              ops[0], ops[1], ops[2], ops[3], ops[4], ops[5])),
              cell);
  }
}

TEST_F(NASBench201SpaceTest, SizesThatCannotBeHalvedTwiceAreRefusedWithTheRule) {
  for (int size = 4; size <= 1024; ++size) {
    const std::string options = fmt::format("{{channels: 1, cells_per_stage: 1, image_size: {}}}", size);
    if (size % 4 == 0) {
      const auto space = host_.search_space("nasbench201", options);
      ASSERT_EQ(network(*space, space->at(kCells - 1)).output(), (Shape{10, 1, 1})) << size;
      continue;
    }
    try {
      (void)host_.search_space("nasbench201", options);
      ADD_FAILURE() << size;
    } catch (const UsageError& error) {
      ASSERT_THAT(error.what(), HasSubstr("an image_size that is a multiple of 4")) << size;
    }
  }
}

TEST_F(NASBench201SpaceTest, GrayImagesChangeTheStemAlone) {
  const auto gray = host_.search_space("nasbench201", "{image_channels: 1, image_size: 28}");
  EXPECT_EQ(gray->input_shape(), (Shape{1, 28, 28}));
  EXPECT_EQ(gray->parameters(gray->at(99)), space_->parameters(space_->at(99)) - 2 * 9 * 16);
}

// An exact count, by writing each cell's output as nested sums under all numberings of its convolutions,
// gives 5,485 networks. The paper's 6,466 are strings: there a sum with a zero differs from the sum without
// it.
TEST_F(NASBench201SpaceTest, CellsThatAreOneNetworkHaveOneHash) {
  const auto hash = [&](const std::string& text) { return network_hash(*space_, space_->parse(text)); };
  const std::uint64_t conv = hash("(none, none, none, nor_conv_3x3, none, none)");
  EXPECT_EQ(conv, hash("(nor_conv_3x3, none, none, none, skip_connect, none)"));
  EXPECT_EQ(conv, hash("(skip_connect, none, none, none, nor_conv_3x3, none)"));
  EXPECT_EQ(conv, hash("(none, nor_conv_3x3, skip_connect, none, none, skip_connect)")) << "it skips a zero";
  EXPECT_EQ(conv, hash("(avg_pool_3x3, nor_conv_3x3, none, none, none, skip_connect)")) << "a dead end";
  EXPECT_NE(conv, hash("(none, none, none, nor_conv_1x1, none, none)"));
  // Two convolutions are not one that is read twice.
  EXPECT_NE(hash("(nor_conv_3x3, none, skip_connect, none, skip_connect, skip_connect)"),
            hash("(nor_conv_3x3, nor_conv_3x3, none, none, skip_connect, skip_connect)"));
  std::set<std::uint64_t> networks;
  for (std::uint64_t index = 0; index < kCells; index += kStride)
    networks.insert(network_hash(*space_, space_->at(index)));
  if (kStride == 1) {
    EXPECT_EQ(networks.size(), 5485U);
  }
}

}  // namespace
}  // namespace espalier
