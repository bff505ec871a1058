#include "espalier/network/training/mixup.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace espalier::testing {
namespace {

TEST(Mixup, DrawsFromTheBetaDistribution) {
  for (const double alpha : {0.1, 0.4, 1.0, 8.0}) {
    constexpr int kDraws = 20'000;
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < kDraws; ++i) {
      const double share = draw_mixing(alpha, 1, Rng(5, "mixup", static_cast<std::uint64_t>(i))).share;
      ASSERT_GE(share, 0.0);
      ASSERT_LE(share, 1.0);
      sum += share;
      squares += (share - 0.5) * (share - 0.5);
    }
    EXPECT_NEAR(sum / kDraws, 0.5, 0.015) << alpha;
    EXPECT_NEAR(squares / kDraws, 0.25 / (2.0 * alpha + 1.0), 0.006) << alpha;
  }
}

TEST(Mixup, OfAlpha1IsUniform) {
  std::array<int, 4> quarters{};
  for (std::uint64_t i = 0; i < 4000; ++i)
    ++quarters.at(static_cast<std::size_t>(4.0 * draw_mixing(1.0, 1, Rng(5, "mixup", i)).share));
  for (const int count : quarters) EXPECT_NEAR(count, 1000, 120);
}

TEST(Mixup, PermutesTheBatch) {
  const Mixing mixing = draw_mixing(0.2, 50, Rng(5, "mixup", 1));
  std::vector<std::uint32_t> all(50);
  std::iota(all.begin(), all.end(), 0U);
  EXPECT_NE(mixing.partners, all);
  std::vector<std::uint32_t> sorted = mixing.partners;
  std::ranges::sort(sorted);
  EXPECT_EQ(sorted, all);
  const Mixing again = draw_mixing(0.2, 50, Rng(5, "mixup", 1));
  EXPECT_EQ(again.share, mixing.share);
  EXPECT_EQ(again.partners, mixing.partners);
}

TEST(Mixup, OfATinyAlphaStaysWithinItsRange) {
  for (std::uint64_t i = 0; i < 100; ++i) {
    const double share = draw_mixing(1e-6, 1, Rng(5, "mixup", i)).share;
    EXPECT_TRUE(share >= 0.0 && share <= 1.0) << share;
  }
}

}  // namespace
}  // namespace espalier::testing
