#include "espalier/space/architecture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <unordered_set>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/space/architecture_json.h"

namespace espalier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Architecture, IsAValue) {
  Architecture a{1, 0, 2};
  Architecture b = a;
  EXPECT_EQ(a, b);
  b.set(1, 4);
  EXPECT_NE(a, b);
  EXPECT_LT(a, b);
  EXPECT_THAT(b.choices(), ElementsAre(1, 4, 2));
  EXPECT_EQ(Architecture::zeros(3), (Architecture{0, 0, 0}));
  EXPECT_EQ(Architecture().size(), 0U);
}

TEST(Architecture, HashIsTheSameOnEveryMachine) {
  EXPECT_EQ(Architecture().hash(), 17665956581633026203ULL);
  EXPECT_EQ((Architecture{1, 2, 3}).hash(), 9863372152255764309ULL);
}

TEST(Architecture, HashTellsArchitecturesApart) {
  std::unordered_set<std::uint64_t> hashes;
  std::unordered_set<Architecture> architectures;
  std::size_t count = 0;
  for (std::size_t size = 0; size <= 6; ++size) {
    std::size_t cells = 1;
    for (std::size_t i = 0; i < size; ++i) cells *= 5;
    for (std::size_t index = 0; index < cells; ++index, ++count) {
      Architecture architecture = Architecture::zeros(size);
      for (std::size_t i = 0, rest = index; i < size; ++i, rest /= 5) architecture.set(i, rest % 5);
      hashes.insert(architecture.hash());
      architectures.insert(architecture);
    }
  }
  EXPECT_EQ(hashes.size(), count);
  EXPECT_EQ(architectures.size(), count);
}

TEST(Architecture, HoldsMoreChoicesThanFitInPlace) {
  Architecture large = Architecture::zeros(1000);
  large.set(999, 65535);
  const Architecture copy = large;
  EXPECT_EQ(copy[999], 65535);
  EXPECT_EQ(copy.hash(), large.hash());
}

TEST(ArchitectureJson, RoundTrips) {
  const std::vector<Architecture> population{{}, {0}, {4, 3, 65535}};
  nlohmann::json state;
  state["population"] = population;
  const auto read = nlohmann::json::parse(state.dump())["population"].get<std::vector<Architecture>>();
  EXPECT_EQ(read, population);
}

TEST(ArchitectureJson, RefusesWhatIsNoArchitecture) {
  for (const char* text : {"null", "7", "\"0,1\"", "{}", "[0, -1]", "[0, 1.5]", "[65536]", "[\"0\"]", "[[0]]",
                           "[null]", "[18446744073709551615]", "[true]"}) {
    try {
      (void)nlohmann::json::parse(text).get<Architecture>();
      ADD_FAILURE() << text << " was accepted";
    } catch (const Error& error) {
      EXPECT_THAT(error.details().what, HasSubstr(nlohmann::json::parse(text).dump()));
      EXPECT_THAT(error.details().expected, HasSubstr("[0, 3, 1]"));
    }
  }
  EXPECT_THROW((void)nlohmann::json("\xff\xfe").get<Architecture>(), Error);
}

TEST(Architecture, PrintsItsChoices) {
  EXPECT_EQ(::testing::PrintToString(Architecture{0, 3, 1}), "[0, 3, 1]");
  EXPECT_EQ(::testing::PrintToString(Architecture()), "[]");
}

}  // namespace
}  // namespace espalier
