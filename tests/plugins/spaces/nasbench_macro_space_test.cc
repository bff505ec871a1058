#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/space/network_hash.h"
#include "plugins/csv.h"
#include "plugins/spaces/space_fixture.h"
#include "sanitized.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint64_t kNetworks = 6'561;

// All networks take a second, but minutes with sanitizers.
constexpr std::uint64_t kStride = testing::kSanitized ? 61 : 1;

class NASBenchMacroSpaceTest : public testing::SpaceTest {
 protected:
  NASBenchMacroSpaceTest() : SpaceTest("nasbench_macro") {}
};

TEST_F(NASBenchMacroSpaceTest, HasEightLayersOfThreeCandidates) {
  ASSERT_EQ(space_->choices().size(), 8U);
  for (const Choice& choice : space_->choices())
    EXPECT_THAT(choice.candidates, ElementsAre("identity", "mb3_k3", "mb6_k5"));
  EXPECT_EQ(space_->choices().front().name, "layer_1");
  EXPECT_EQ(space_->choices().back().name, "layer_8");
  EXPECT_EQ(space_->size(), kNetworks);
}

TEST_F(NASBenchMacroSpaceTest, EveryStringOfTheTableReadsAndPrintsBackInItsOrder) {
  const testing::Csv table("nasbench_macro.csv.gz");
  ASSERT_EQ(table.strings.size(), kNetworks);
  for (std::size_t row = 0; row < kNetworks; ++row) {
    const Architecture architecture = space_->parse(table.strings[row]);
    ASSERT_EQ(space_->to_string(architecture), table.strings[row]);
    ASSERT_EQ(space_->index_of(architecture), row);
    ASSERT_EQ(space_->at(row), architecture);
  }
}

TEST_F(NASBenchMacroSpaceTest, ParametersAndMultiplyAddsAreThoseOfTheTable) {
  const testing::Csv table("nasbench_macro.csv.gz");
  for (std::uint64_t row = 0; row < kNetworks; row += kStride) {
    const Architecture architecture = space_->at(row);
    ASSERT_EQ(std::to_string(space_->parameters(architecture)), table.texts.at("parameters")[row]);
    // The authors do not count the ten biases of the classifier.
    ASSERT_EQ(std::to_string(space_->multiply_adds(architecture) - 10), table.texts.at("multiply_adds")[row]);
  }
}

// An identity stands for nothing where it keeps the shape. The first layer of each stage changes it; so the
// stages have 3·3, 3·7 and 3·7 networks: two layers behind the first are one of 1 + 2 + 2·2 sequences.
TEST_F(NASBenchMacroSpaceTest, StringsThatAreOneNetworkHaveOneHashAndOneAccuracy) {
  const auto hash = [&](const std::string& text) { return network_hash(*space_, space_->parse(text)); };
  EXPECT_EQ(hash("22212202"), hash("22212220"));
  EXPECT_EQ(hash("00120000"), hash("00102000"));
  EXPECT_NE(hash("00012000"), hash("00021000")) << "the first layer of a stage changes the shape";
  EXPECT_NE(hash("22212211"), hash("22212210")) << "a stage of another length";
  if (kStride > 1) return;
  const testing::Csv table("nasbench_macro.csv.gz");
  std::map<std::uint64_t, std::set<std::string>> accuracies;
  for (std::uint64_t row = 0; row < kNetworks; ++row)
    accuracies[network_hash(*space_, space_->at(row))].insert(
        table.texts.at("test_1")[row] + table.texts.at("test_2")[row] + table.texts.at("test_3")[row]);
  EXPECT_EQ(accuracies.size(), 3969U);
  for (const auto& [network, values] : accuracies) ASSERT_EQ(values.size(), 1U);
}

TEST_F(NASBenchMacroSpaceTest, TheSupernetHasTheParametersCountedByHand) {
  const LayerGraph supernet = flatten(space_->graph(), space_->input_shape(), Purpose::search);
  // Without scales and biases of batch norms: two 1×1 convolutions and k² weights for each channel between.
  const auto blocks = [](std::int64_t in, std::int64_t out) {
    return 3 * in * (in + out + 9) + 6 * in * (in + out + 25);
  };
  const std::int64_t layers = (blocks(32, 64) + 32 * 64) + blocks(64, 64) + (blocks(64, 128) + 64 * 128) +
                              2 * blocks(128, 128) + (blocks(128, 256) + 128 * 256) + 2 * blocks(256, 256);
  EXPECT_EQ(supernet.parameters(), (27 * 32 + 64) + layers + (256 * 1280 + 2560) + (1280 * 10 + 10));
  EXPECT_EQ(supernet.output(), (Shape{10, 1, 1}));
}

TEST_F(NASBenchMacroSpaceTest, TakesImagesOfEverySizeAndOfOneChannel) {
  for (const int size : {4, 5, 7, 17, 28, 33}) {
    const auto space = host_.search_space(
        "nasbench_macro",
        fmt::format("{{channels: 1, image_size: {}, image_channels: 1, classes: 3}}", size));
    EXPECT_EQ(space->input_shape(), (Shape{1, size, size}));
    EXPECT_EQ(flatten(space->graph(), space->input_shape(), Purpose::search).output(), (Shape{3, 1, 1}));
    EXPECT_EQ(flatten(space->instantiate(space->at(0)), space->input_shape(), Purpose::evaluation).output(),
              (Shape{3, 1, 1}));
  }
  EXPECT_THROW((void)host_.search_space("nasbench_macro", "{image_size: 3}"), UsageError);
}

TEST_F(NASBenchMacroSpaceTest, RefusesMalformedStringsPrecisely) {
  EXPECT_THAT(refusal(""), AllOf(HasSubstr("character 1 of"), HasSubstr("the text ends")));
  EXPECT_THAT(refusal("2221222"), AllOf(HasSubstr("character 8 of"), HasSubstr("the text ends"),
                                        HasSubstr("0 (identity), 1 (mb3_k3) or 2 (mb6_k5) for layer 8")));
  EXPECT_THAT(refusal("222122201"), AllOf(HasSubstr("character 9 of"), HasSubstr("eight layers")));
  EXPECT_THAT(refusal("22213220"), AllOf(HasSubstr("character 5 of"), HasSubstr("for layer 5")));
  EXPECT_THAT(refusal("64-1234-basic"), HasSubstr("such as 22212220"));
  EXPECT_NE(refusal(std::string("2221222\0", 8)), "accepted");
  EXPECT_LT(refusal(std::string(1'000'000, '2')).size(), 2'000U);
  EXPECT_EQ(space_->parse(" 222\n12 220 "), space_->parse("22212220"));
}

}  // namespace
}  // namespace espalier
