#include "espalier/host/report/comparison.h"

#include <gmock/gmock.h>

#include <cmath>

namespace espalier::host::testing {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

std::vector<SeedValue> seeded(const std::vector<double>& values) {
  std::vector<SeedValue> all;
  for (std::size_t i = 0; i < values.size(); ++i) all.push_back({.seed = i, .value = values[i]});
  return all;
}

Comparison compare_to_zero(const std::vector<double>& differences) {
  return compare(seeded(differences), seeded(std::vector<double>(differences.size(), 0.0)));
}

// SciPy 1.17: wilcoxon(x, method="exact"), ttest_rel(…).confidence_interval().
TEST(Comparison, OfKnownSamples) {
  EXPECT_NEAR(compare_to_zero({1.1, 2.3, -0.4, 3.3, 4.2, 5.6, -1.9, 0.7}).p, 0.078125, 1e-15);
  const Comparison nurses = compare(seeded({125, 115, 130, 140, 140, 115, 140, 125, 140, 135}),
                                    seeded({110, 122, 125, 120, 140, 124, 123, 137, 135, 145}));
  EXPECT_EQ(nurses.pairs, 10U);
  EXPECT_NEAR(nurses.difference, 2.4, 1e-12);
  EXPECT_NEAR(nurses.interval->low, -6.132461791031217, 1e-9);
  EXPECT_NEAR(nurses.interval->high, 10.932461791031217, 1e-9);
  // Two pairs tie and one is equal: counted by trying all 2⁹ choices of signs, 0.6328125; 27 of 45 ranks are
  // positive.
  EXPECT_NEAR(nurses.p, 0.6328125, 1e-15);
  EXPECT_NEAR(nurses.effect, (27.0 - 18.0) / 45.0, 1e-12);
}

// wilcoxon(x, method="approx", correction=True).
TEST(Comparison, OfManyPairs) {
  std::vector<double> differences;
  for (int i = 0; i < 60; ++i) differences.push_back(((i * 37) % 61 - 25) / 7.0);
  EXPECT_NEAR(compare_to_zero(differences).p, 0.03968629824713282, 1e-12);
}

TEST(Comparison, FivePairsCannotTellAndSixCan) {
  EXPECT_NEAR(compare_to_zero({1, 2, 3, 4, 5}).p, 0.0625, 1e-15);
  const Comparison six = compare_to_zero({1, 2, 3, 4, 5, 6});
  EXPECT_NEAR(six.p, 0.03125, 1e-15);
  EXPECT_EQ(six.effect, 1.0);
  EXPECT_EQ(kFewestPairs, 6U);
}

TEST(Comparison, TakesTheSeedsThatBothHave) {
  const std::vector<SeedValue> first = {{.seed = 3, .value = 10.0}, {.seed = 1, .value = 5.0}};
  const std::vector<SeedValue> second = {{.seed = 1, .value = 4.0}, {.seed = 2, .value = 0.0}};
  const Comparison comparison = compare(first, second);
  EXPECT_EQ(comparison.pairs, 1U);
  EXPECT_EQ(comparison.difference, 1.0);
  EXPECT_FALSE(comparison.interval.has_value());
  EXPECT_EQ(compare(first, {}).pairs, 0U);
}

TEST(Comparison, OfEqualMethods) {
  const Comparison equal = compare_to_zero({0, 0, 0});
  EXPECT_EQ(equal.p, 1.0);
  EXPECT_EQ(equal.effect, 0.0);
}

TEST(Comparison, IsTheOppositeTheOtherWayRound) {
  const auto a = seeded({3.0, 1.0, 4.0, 1.5, 5.0, 9.0});
  const auto b = seeded({2.0, 7.0, 1.0, 8.0, 2.5, 8.0});
  const Comparison ab = compare(a, b);
  const Comparison ba = compare(b, a);
  EXPECT_EQ(ab.p, ba.p);
  EXPECT_NEAR(ab.effect, -ba.effect, 1e-15);
  EXPECT_NEAR(ab.difference, -ba.difference, 1e-15);
}

// R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
TEST(Holm, AdjustsInTheOrderGiven) {
  EXPECT_THAT(holm(std::vector<double>{0.01, 0.04, 0.03, 0.005}),
              ElementsAre(DoubleNear(0.03, 1e-15), DoubleNear(0.06, 1e-15), DoubleNear(0.06, 1e-15),
                          DoubleNear(0.02, 1e-15)));
  EXPECT_THAT(holm(std::vector<double>{0.7, 0.8}), ElementsAre(1.0, 1.0));
}

TEST(CompareAll, HasEveryPairAndAdjustsOverAllOfThem) {
  const auto pairs =
      compare_all({seeded({1, 2, 3, 4, 5, 6}), seeded({2, 3, 4, 5, 6, 8}), seeded({1, 2, 3, 4, 5, 6})});
  ASSERT_EQ(pairs.size(), 3U);
  EXPECT_EQ(pairs[1].first, 0U);
  EXPECT_EQ(pairs[1].second, 2U);
  EXPECT_NEAR(pairs[0].comparison.p, 0.03125, 1e-15);
  EXPECT_NEAR(pairs[0].comparison.adjusted_p, 3 * 0.03125, 1e-15);
  EXPECT_EQ(pairs[1].comparison.adjusted_p, 1.0);
}

TEST(CompareAll, PairsOfTooFewSeedsTakeNothingFromTheOthers) {
  const auto pairs = compare_all({seeded({1, 2, 3, 4, 5, 6}), seeded({2, 3, 4, 5, 6, 8}), seeded({9})});
  ASSERT_EQ(pairs.size(), 3U);
  EXPECT_NEAR(pairs[0].comparison.adjusted_p, 0.03125, 1e-15);
  EXPECT_EQ(pairs[1].comparison.pairs, 1U);
  EXPECT_EQ(pairs[1].comparison.adjusted_p, 1.0);
}

}  // namespace
}  // namespace espalier::host::testing
