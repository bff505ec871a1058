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
#include "plugins/spaces/transnas101_counts.h"
#include "sanitized.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint64_t kCells = 4'096;

// Every cell takes seconds, but minutes with sanitizers.
constexpr std::size_t kStride = testing::kSanitized ? 61 : 1;

class TransNAS101MicroSpaceTest : public testing::SpaceTest {
 protected:
  TransNAS101MicroSpaceTest() : SpaceTest("transnas101_micro") {}
};

TEST_F(TransNAS101MicroSpaceTest, HasSixEdgesOfFourOperations) {
  ASSERT_EQ(space_->choices().size(), 6U);
  for (const Choice& choice : space_->choices())
    EXPECT_THAT(choice.candidates, ElementsAre("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3"));
  EXPECT_EQ(space_->size(), kCells);
  EXPECT_EQ(space_->graph().instances(space_->scopes()).size(), 10U);
}

TEST_F(TransNAS101MicroSpaceTest, EveryStringOfTheTableReadsAndPrintsBackInItsOrder) {
  const testing::Csv table("transnas101_micro.csv.gz");
  ASSERT_EQ(table.strings.size(), kCells);
  for (std::size_t row = 0; row < kCells; ++row) {
    const Architecture cell = space_->parse(table.strings[row]);
    ASSERT_EQ(space_->to_string(cell), table.strings[row]);
    ASSERT_EQ(space_->index_of(cell), row);
  }
  // node 1: skip(0); node 2: none(0) + conv 1×1(1); node 3: conv 3×3 of all.
  const Architecture example = space_->parse("64-41414-1_02_333");
  EXPECT_EQ(example, (Architecture{1, 0, 2, 3, 3, 3}));
  EXPECT_EQ(space_->choices()[2].name, "cell.edge_2_3");
}

TEST_F(TransNAS101MicroSpaceTest, ParametersAndFlopsAreThoseOfTheSuite) {
  testing::expect_counts_of_the_suite(host_, "micro", kStride, 711);
}

TEST_F(TransNAS101MicroSpaceTest, TheSmallestAndTheLargestNetworkHaveTheParametersCountedByHand) {
  const auto parameters = [&](const char* text) { return space_->parameters(space_->parse(text)); };
  constexpr std::int64_t kStem = (27 * 32 + 64) + (9 * 32 * 64 + 128);
  constexpr std::int64_t kClassifier = 512 * 75 + 75;
  EXPECT_EQ(parameters("64-41414-0_00_000"), kStem + kClassifier);
  const auto convolution = [](std::int64_t in, std::int64_t out) { return 9 * in * out + 2 * out; };
  std::int64_t cells = 0;
  for (const std::int64_t out : {128, 256, 512}) {
    // Three edges leave the input; the first cell of the module doubles the channels there.
    cells += 3 * convolution(out / 2, out) + 3 * convolution(out, out) + 6 * convolution(out, out);
    if (out < 512) cells += 2 * 6 * convolution(out, out);  // the module behind it
  }
  EXPECT_EQ(parameters("64-41414-3_33_333"), kStem + cells + kClassifier);
}

// An exact count, by writing the outputs of the first and the second cell of a module as nested sums under
// all numberings of their convolutions, gives 1,484 networks.
TEST_F(TransNAS101MicroSpaceTest, CellsThatAreOneNetworkHaveOneHash) {
  const auto hash = [&](const std::string& cell) {
    return network_hash(*space_, space_->parse("64-41414-" + cell));
  };
  for (const char* dead : {"3_00_000", "3_33_000", "0_01_011"})
    EXPECT_EQ(hash(dead), hash("0_00_000")) << dead;
  EXPECT_EQ(hash("3_00_010"), hash("0_30_001")) << "another node";
  EXPECT_NE(hash("3_00_010"), hash("2_00_010"));
  std::set<std::uint64_t> networks;
  for (std::uint64_t index = 0; index < kCells; index += kStride)
    networks.insert(network_hash(*space_, space_->at(index)));
  if (kStride == 1) {
    EXPECT_EQ(networks.size(), 1484U);
  }
}

TEST_F(TransNAS101MicroSpaceTest, TakesImagesOfEverySizeAndOfOneChannel) {
  for (const int size : {4, 5, 15, 28, 33, 64}) {
    const auto space = host_.search_space(
        "transnas101_micro",
        fmt::format("{{channels: 2, image_size: {}, image_channels: 1, classes: 3}}", size));
    EXPECT_EQ(space->input_shape(), (Shape{1, size, size}));
    EXPECT_EQ(flatten(space->graph(), space->input_shape(), Purpose::search).output(), (Shape{3, 1, 1}));
    for (const std::uint64_t index : {std::uint64_t{0}, kCells - 1})
      EXPECT_EQ(
          flatten(space->instantiate(space->at(index)), space->input_shape(), Purpose::evaluation).output(),
          (Shape{3, 1, 1}));
  }
}

TEST_F(TransNAS101MicroSpaceTest, RefusesMalformedStringsPrecisely) {
  EXPECT_THAT(refusal(""),
              AllOf(HasSubstr("character 1 of"), HasSubstr("the text ends"), HasSubstr("expected: \"64-\"")));
  EXPECT_THAT(refusal("1_02_333"), AllOf(HasSubstr("expected: \"64-\""), HasSubstr("64-41414-1_02_333")));
  EXPECT_THAT(refusal("64-41413-1_02_333"),
              AllOf(HasSubstr("character 4 of"), HasSubstr("expected: \"41414\"")));
  EXPECT_THAT(refusal("64-41414-1_02-333"), AllOf(HasSubstr("character 14 of"), HasSubstr("\"_\"")));
  EXPECT_THAT(refusal("64-41414-1_04_333"),
              AllOf(HasSubstr("character 13 of"), HasSubstr("0 (none), 1 (skip_connect)")));
  EXPECT_THAT(refusal("64-41414-1_02_33"), HasSubstr("the text ends"));
  EXPECT_THAT(refusal("64-41414-1_02_3333"), HasSubstr("a cell has six edges"));
  EXPECT_THAT(refusal("64-1234-basic"), HasSubstr("search_space: transnas101_macro"));
  const std::string valid = "64-41414-1_02_333";
  for (std::size_t size = 0; size < valid.size(); ++size)
    EXPECT_NE(refusal(valid.substr(0, size)), "accepted") << size;
  EXPECT_LT(refusal("64-41414-" + std::string(1'000'000, '1')).size(), 2'000U);
  EXPECT_EQ(space_->parse(" 64-41414 -1_02_\n333 "), space_->parse(valid));
}

}  // namespace
}  // namespace espalier
