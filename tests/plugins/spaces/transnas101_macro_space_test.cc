#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

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
using ::testing::HasSubstr;

constexpr std::uint64_t kNetworks = 3'256;

// Every network takes a second, but minutes with sanitizers.
constexpr std::size_t kStride = testing::kSanitized ? 61 : 1;

class TransNAS101MacroSpaceTest : public testing::SpaceTest {
 protected:
  TransNAS101MacroSpaceTest() : SpaceTest("transnas101_macro") {}
};

TEST_F(TransNAS101MacroSpaceTest, HasTheNetworksOfTheTableInItsOrder) {
  const testing::Csv table("transnas101_macro.csv.gz");
  ASSERT_EQ(table.strings.size(), kNetworks);
  EXPECT_EQ(space_->size(), kNetworks);
  for (std::size_t row = 0; row < kNetworks; ++row) {
    const Architecture network = space_->parse(table.strings[row]);
    ASSERT_EQ(space_->to_string(network), table.strings[row]);
    ASSERT_EQ(space_->index_of(network), row);
    ASSERT_EQ(space_->at(row), network);
  }
  EXPECT_THROW((void)space_->at(kNetworks), UsageError);
}

TEST_F(TransNAS101MacroSpaceTest, NeighboursReachEveryNetwork) {
  std::vector<Architecture> found = {space_->at(0)};
  std::set<Architecture> seen = {found.front()};
  for (std::size_t next = 0; next < found.size(); ++next)
    for (Architecture& neighbour : space_->neighbours(Architecture(found[next])))
      if (seen.insert(neighbour).second) found.push_back(std::move(neighbour));
  EXPECT_EQ(found.size(), kNetworks);
}

TEST_F(TransNAS101MacroSpaceTest, ParametersAndFlopsAreThoseOfTheSuite) {
  testing::expect_counts_of_the_suite(host_, "macro", kStride, 662);
}

TEST_F(TransNAS101MacroSpaceTest, EveryStringIsANetworkOfItsOwn) {
  std::set<std::uint64_t> networks;
  std::size_t strings = 0;
  for (std::uint64_t index = 0; index < kNetworks; index += kStride, ++strings)
    networks.insert(network_hash(*space_, space_->at(index)));
  EXPECT_EQ(networks.size(), strings);
}

TEST_F(TransNAS101MacroSpaceTest, HasNoSupernet) {
  EXPECT_FALSE(space_->has_supernet());
  EXPECT_THROW(space_->check_supernet(), UsageError);
}

TEST_F(TransNAS101MacroSpaceTest, RefusesWhatTheAuthorsDidNotTrain) {
  EXPECT_THAT(refusal("64-2222-basic"),
              AllOf(HasSubstr("64-2222-basic: 0 of the modules halve the size, as 3 and 4 do"),
                    HasSubstr("expected: 1 to 4")));
  EXPECT_THAT(refusal("64-33333-basic"), HasSubstr("5 of the modules halve the size"));
  EXPECT_THAT(refusal("64-1133-basic"), HasSubstr("0 of the modules double the channels"));
  EXPECT_THAT(refusal("64-222443-basic"),
              AllOf(HasSubstr("5 of the modules double the channels"), HasSubstr("expected: 1 to 3")));
  EXPECT_FALSE(space_->is_valid({0, 1, 2, 3, 0, 1})) << "a sixth module behind no fifth";
}

TEST_F(TransNAS101MacroSpaceTest, RefusesMalformedStringsPrecisely) {
  EXPECT_THAT(refusal(""), AllOf(HasSubstr("character 1 of"), HasSubstr("the text ends")));
  EXPECT_THAT(refusal("32-1234-basic"), HasSubstr("expected: \"64-\""));
  EXPECT_THAT(refusal("64-123-basic"), AllOf(HasSubstr("character 7 of"), HasSubstr("four modules or more")));
  EXPECT_THAT(refusal("64-1231231-basic"),
              AllOf(HasSubstr("character 10 of"), HasSubstr("six modules at most")));
  EXPECT_THAT(refusal("64-1254-basic"), AllOf(HasSubstr("character 6 of"), HasSubstr("a digit from 1 to 4")));
  EXPECT_THAT(refusal("64-1234-bottleneck"), HasSubstr("expected: \"basic\""));
  EXPECT_THAT(refusal("64-1234-basic2"), HasSubstr("expected: the end"));
  EXPECT_THAT(refusal("64-41414-1_02_333"), HasSubstr("search_space: transnas101_micro"));
  const std::string valid = "64-1234-basic";
  for (std::size_t size = 0; size < valid.size(); ++size)
    EXPECT_NE(refusal(valid.substr(0, size)), "accepted") << size;
  EXPECT_LT(refusal("64-" + std::string(1'000'000, '1')).size(), 2'000U);
  EXPECT_EQ(space_->parse("64- 12 34 -\nbasic"), space_->parse(valid));
}

TEST_F(TransNAS101MacroSpaceTest, TakesImagesOfEverySizeAndOfOneChannel) {
  for (const int size : {4, 5, 28, 33}) {
    const auto space = host_.search_space(
        "transnas101_macro",
        fmt::format("{{channels: 2, image_size: {}, image_channels: 1, classes: 3}}", size));
    for (const char* text : {"64-4111-basic", "64-343411-basic"})
      EXPECT_EQ(
          flatten(space->instantiate(space->parse(text)), space->input_shape(), Purpose::evaluation).output(),
          (Shape{3, 1, 1}));
  }
}

}  // namespace
}  // namespace espalier
