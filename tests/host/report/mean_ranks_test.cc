#include "espalier/host/report/mean_ranks.h"

#include <gmock/gmock.h>

#include <array>

#include "espalier/errors/errors.h"

namespace espalier::host::testing {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pair;

// Demšar (2006), Table 5(a): the critical values of Nemenyi's test at 5 %.
TEST(MeanRanks, TheQuantilesOfThePaper) {
  const std::array published = {1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164};
  for (std::size_t i = 0; i < published.size(); ++i)
    EXPECT_NEAR(nemenyi_quantile(i + 2), published[i], 1.01e-3) << i + 2 << " methods";
}

// Demšar (2006), Table 6 and Section 3.2.2: four variants of C4.5 on 14 datasets.
TEST(MeanRanks, TheExampleOfThePaper) {
  const MeanRanks ranked = mean_ranks({{0.763, 0.768, 0.771, 0.798},
                                       {0.599, 0.591, 0.590, 0.569},
                                       {0.954, 0.971, 0.968, 0.967},
                                       {0.628, 0.661, 0.654, 0.657},
                                       {0.882, 0.888, 0.886, 0.898},
                                       {0.936, 0.931, 0.916, 0.931},
                                       {0.661, 0.668, 0.609, 0.685},
                                       {0.583, 0.583, 0.563, 0.625},
                                       {0.775, 0.838, 0.866, 0.875},
                                       {1.000, 1.000, 1.000, 1.000},
                                       {0.940, 0.962, 0.965, 0.962},
                                       {0.619, 0.666, 0.614, 0.669},
                                       {0.972, 0.981, 0.9751, 0.975},
                                       {0.957, 0.978, 0.946, 0.970}});
  EXPECT_THAT(ranked.ranks, ElementsAre(DoubleNear(3.143, 5e-4), DoubleNear(2.000, 5e-4),
                                        DoubleNear(2.893, 5e-4), DoubleNear(1.964, 5e-4)));
  EXPECT_NEAR(ranked.critical_difference, 1.25, 5e-3);
  EXPECT_NEAR(ranked.p, 0.019823006192249054, 1e-9);  // of F = 3.69; SciPy: f.sf(3.686313, 3, 39)
  EXPECT_THAT(ranked.order, ElementsAre(3, 1, 2, 0));
  // All but the first and the last of them: 3.143 - 1.964 is less than 1.25, too.
  EXPECT_THAT(ranked.joined, ElementsAre(Pair(0, 3)));
}

TEST(MeanRanks, JoinsWhatIsCloserThanTheCriticalDifference) {
  std::vector<std::vector<double>> values(40, {4.0, 3.0, 2.0, 1.0});
  for (std::size_t i = 0; i < values.size(); i += 2) std::swap(values[i][0], values[i][1]);
  const MeanRanks ranked = mean_ranks(values);
  EXPECT_THAT(ranked.ranks, ElementsAre(1.5, 1.5, 3.0, 4.0));
  EXPECT_LT(ranked.critical_difference, 1.0);
  EXPECT_THAT(ranked.joined, ElementsAre(Pair(0, 1)));
  EXPECT_LT(ranked.p, 1e-6);
}

TEST(MeanRanks, OfMethodsThatAreAlwaysRankedAlike) {
  const MeanRanks ranked = mean_ranks({{2.0, 1.0}, {4.0, 3.0}, {9.0, 8.0}});
  EXPECT_THAT(ranked.ranks, ElementsAre(1.0, 2.0));
  EXPECT_EQ(ranked.p, 0.0);
}

TEST(MeanRanks, OfMethodsThatAreEqual) {
  const MeanRanks ranked = mean_ranks({{1.0, 1.0, 1.0}, {2.0, 2.0, 2.0}});
  EXPECT_THAT(ranked.ranks, ElementsAre(2.0, 2.0, 2.0));
  EXPECT_NEAR(ranked.p, 1.0, 1e-12);
  EXPECT_THAT(ranked.joined, ElementsAre(Pair(0, 2)));
}

TEST(MeanRanks, RefusesWhatCannotBeRanked) {
  EXPECT_THROW(mean_ranks({}), UsageError);
  EXPECT_THROW(mean_ranks({{1.0, 2.0}}), UsageError);
  EXPECT_THROW(mean_ranks({{1.0}, {2.0}}), UsageError);
  EXPECT_THROW(mean_ranks({{1.0, 2.0}, {1.0}}), UsageError);
}

}  // namespace
}  // namespace espalier::host::testing
