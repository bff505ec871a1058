#include "espalier/host/report/rank_correlation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/random/random.h"

namespace espalier::host {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Values = std::vector<double>;

const RankOptions kNoIntervals = {.resamples = 0};

RankCorrelation plain(const Values& predictions, const Values& truth) {
  return rank_correlation(predictions, truth, kNoIntervals);
}

/// Whole numbers, so that many are equal where there are few `levels`.
Values random_values(std::size_t count, std::size_t levels, Rng& rng) {
  Values values(count);
  for (double& value : values) value = static_cast<double>(rng.below(levels)) - 3.0;
  return values;
}

int sign(double number) { return (number > 0.0) - (number < 0.0); }

/// Kendall's definition, pair by pair.
double kendall_by_pairs(const Values& a, const Values& b) {
  double difference = 0.0;
  double untied_a = 0.0;
  double untied_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      difference += sign(a[i] - a[j]) * sign(b[i] - b[j]);
      untied_a += std::abs(sign(a[i] - a[j]));
      untied_b += std::abs(sign(b[i] - b[j]));
    }
  }
  return difference / std::sqrt(untied_a * untied_b);
}

Values mean_ranks(const Values& values) {
  Values ranks;
  for (const double value : values) {
    const auto below = std::ranges::count_if(values, [&](double other) { return other < value; });
    const auto equal = std::ranges::count(values, value);
    ranks.push_back(static_cast<double>(below) + (static_cast<double>(equal) + 1.0) / 2.0);
  }
  return ranks;
}

double pearson(const Values& a, const Values& b) {
  const auto mean = [](const Values& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean(a)) * (b[i] - mean(b));
    aa += (a[i] - mean(a)) * (a[i] - mean(a));
    bb += (b[i] - mean(b)) * (b[i] - mean(b));
  }
  return ab / std::sqrt(aa * bb);
}

/// As NASLib writes it: above the (k+1)-th best value.
double precision_by_thresholds(std::size_t k, const Values& predictions, const Values& truth) {
  const auto bar = [k](Values values) {
    std::ranges::sort(values);
    return values[values.size() - k - 1];
  };
  const double predicted_bar = bar(predictions);
  const double true_bar = bar(truth);
  double both = 0.0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (predictions[i] > predicted_bar && truth[i] > true_bar) both += 1.0;
  return both / static_cast<double>(k);
}

/// The mean over many orders in which ties fall at random.
double regret_by_shuffling(std::size_t k, const Values& predictions, const Values& truth, Rng& rng) {
  constexpr int kOrders = 4000;
  std::vector<std::size_t> order(truth.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  double sum = 0.0;
  for (int i = 0; i < kOrders; ++i) {
    std::ranges::shuffle(order, rng);
    std::ranges::stable_sort(order,
                             [&](std::size_t a, std::size_t b) { return predictions[a] > predictions[b]; });
    double best = truth[order[0]];
    for (std::size_t place = 1; place < k; ++place) best = std::max(best, truth[order[place]]);
    sum += std::ranges::max(truth) - best;
  }
  return sum / kOrders;
}

TEST(RankCorrelation, EqualsTheDefinitionsOnRandomDataWithTies) {
  for (std::size_t index = 0; index < 300; ++index) {
    Rng rng(1, "correlation", index);
    const std::size_t count = 2 + rng.below(60);
    const Values a = random_values(count, 2 + rng.below(40), rng);
    const Values b = random_values(count, 2 + rng.below(40), rng);
    if (std::ranges::min(a) == std::ranges::max(a) || std::ranges::min(b) == std::ranges::max(b)) continue;
    const RankCorrelation found = plain(a, b);
    ASSERT_NEAR(found.kendall.value, kendall_by_pairs(a, b), 1e-12) << index;
    ASSERT_NEAR(found.spearman.value, pearson(mean_ranks(a), mean_ranks(b)), 1e-12) << index;
    for (const TopFigures& top : found.top)
      ASSERT_NEAR(top.precision.value, precision_by_thresholds(top.k, a, b), 1e-12) << index;
  }
}

TEST(RankCorrelation, BreaksTiesOfTheBestPredictionsInAllWays) {
  for (std::size_t index = 0; index < 20; ++index) {
    Rng rng(2, "regret", index);
    const Values a = random_values(30, 4, rng);
    const Values b = random_values(30, 20, rng);
    RankOptions options = kNoIntervals;
    options.top = {1, 3, 8, 29};
    for (const TopFigures& top : rank_correlation(a, b, options).top)
      EXPECT_NEAR(top.regret.value, regret_by_shuffling(top.k, a, b, rng), 0.4) << index << " " << top.k;
  }
  // Of three that tie for one place the mean distance to the best, 9, is (1 + 3 + 5) / 3.
  EXPECT_DOUBLE_EQ(plain({2, 2, 2, 1}, {8, 6, 4, 9}).top.at(0).regret.value, 3.0);
}

/// The example of scipy.stats.kendalltau.
TEST(RankCorrelation, EqualsScipyWhereValuesTie) {
  EXPECT_NEAR(plain({12, 2, 1, 12, 2}, {1, 4, 7, 1, 0}).kendall.value, -0.47140452079103173, 1e-15);
}

TEST(RankCorrelation, IsOneOfEqualOrdersAndMinusOneOfOpposites) {
  const RankCorrelation equal = plain({1, 2, 3, 4}, {10, 20, 30, 400});
  EXPECT_DOUBLE_EQ(equal.kendall.value, 1.0);
  EXPECT_DOUBLE_EQ(equal.spearman.value, 1.0);
  ASSERT_THAT(equal.top, SizeIs(1));  // 10 and 50 are not below 4
  EXPECT_DOUBLE_EQ(equal.top[0].precision.value, 1.0);
  EXPECT_DOUBLE_EQ(equal.top[0].regret.value, 0.0);
  const RankCorrelation opposite = plain({4, 3, 2, 1}, {10, 20, 30, 400});
  EXPECT_DOUBLE_EQ(opposite.kendall.value, -1.0);
  EXPECT_DOUBLE_EQ(opposite.spearman.value, -1.0);
  EXPECT_DOUBLE_EQ(opposite.top[0].regret.value, 390.0);
}

TEST(RankCorrelation, RoundsPredictionsForTheSparseOne) {
  const Values predictions = {90.01, 90.04, 90.12, 91.0};
  const Values truth = {2, 1, 3, 4};
  EXPECT_FALSE(plain(predictions, truth).sparse_kendall.has_value());
  RankOptions options = kNoIntervals;
  options.decimals = 1;
  const RankCorrelation found = rank_correlation(predictions, truth, options);
  ASSERT_TRUE(found.sparse_kendall.has_value());
  EXPECT_DOUBLE_EQ(found.sparse_kendall->value, kendall_by_pairs({90.0, 90.0, 90.1, 91.0}, truth));
  EXPECT_GT(found.sparse_kendall->value, found.kendall.value);
  options.decimals = -2;
  EXPECT_FALSE(rank_correlation(predictions, truth, options).sparse_kendall.has_value());
}

TEST(RankCorrelation, HasIntervalsThatTheSeedDecides) {
  Rng rng(3, "interval");
  Values a(200);
  Values b(200);
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = rng.normal();
    b[i] = a[i] + rng.normal();
  }
  const RankCorrelation first = rank_correlation(a, b, {.resamples = 400, .seed = 5});
  ASSERT_TRUE(first.kendall.interval.has_value());
  EXPECT_LT(first.kendall.interval->low, first.kendall.value);
  EXPECT_GT(first.kendall.interval->high, first.kendall.value);
  // τ of a correlation of 1/√2 is 1/2 (2/π · asin), its standard error with 200 pairs about 0.035.
  EXPECT_LT(first.kendall.interval->low, 0.5);
  EXPECT_GT(first.kendall.interval->high, 0.5);
  EXPECT_NEAR(first.kendall.interval->high - first.kendall.interval->low, 4 * 0.035, 0.05);
  const RankCorrelation again = rank_correlation(a, b, {.resamples = 400, .seed = 5});
  EXPECT_EQ(first.spearman.interval->low, again.spearman.interval->low);
  EXPECT_EQ(first.top.at(1).regret.interval->high, again.top.at(1).regret.interval->high);
  const RankCorrelation other = rank_correlation(a, b, {.resamples = 400, .seed = 6});
  EXPECT_NE(first.spearman.interval->low, other.spearman.interval->low);
  EXPECT_FALSE(plain(a, b).kendall.interval.has_value());
}

/// The interval of one resample is the figure of the pairs that were drawn, some of them several times.
TEST(RankCorrelation, HasTheFiguresOfWhatWasDrawnAsIntervals) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Rng rng(seed, "resampled");
    Values a = random_values(40, 25, rng);
    std::ranges::sort(a);  // what is drawn are places in this order
    Values b = random_values(40, 30, rng);
    for (std::size_t i = 1; i < a.size(); ++i)
      for (std::size_t j = i; j > 0 && a[j] == a[j - 1] && b[j] < b[j - 1]; --j) std::swap(b[j], b[j - 1]);
    Rng draws(seed, "bootstrap", 0);
    Values drawn_a;
    Values drawn_b;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::size_t place = draws.below(a.size());
      drawn_a.push_back(a[place]);
      drawn_b.push_back(b[place]);
    }
    const RankCorrelation drawn = plain(drawn_a, drawn_b);
    const RankCorrelation found = rank_correlation(a, b, {.resamples = 1, .seed = seed});
    const auto expect_interval = [](const Estimate& estimate, const Estimate& expected) {
      EXPECT_NEAR(estimate.interval.value().low, expected.value, 1e-12);
      EXPECT_EQ(estimate.interval->low, estimate.interval->high);
    };
    expect_interval(found.kendall, drawn.kendall);
    expect_interval(found.spearman, drawn.spearman);
    ASSERT_THAT(found.top, SizeIs(2));
    for (std::size_t i = 0; i < found.top.size(); ++i) {
      expect_interval(found.top[i].precision, drawn.top[i].precision);
      expect_interval(found.top[i].regret, drawn.top[i].regret);
    }
  }
}

/// Half of the resamples of two pairs hold one of them twice, and have no correlation.
TEST(RankCorrelation, LeavesOutResamplesWithoutTheFigure) {
  const RankCorrelation found = rank_correlation(Values{1, 2}, Values{1, 2}, {.resamples = 100});
  ASSERT_TRUE(found.kendall.interval.has_value());
  EXPECT_DOUBLE_EQ(found.kendall.interval->low, 1.0);
  EXPECT_DOUBLE_EQ(found.kendall.interval->high, 1.0);
}

std::string refusal_of(const Values& predictions, const Values& truth) {
  try {
    (void)plain(predictions, truth);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(RankCorrelation, RefusesWhatHasNone) {
  EXPECT_THAT(refusal_of({1, 1, 1}, {1, 2, 3}), HasSubstr("all 3 predictions are 1"));
  EXPECT_THAT(refusal_of({1, 2, 3}, {0.5, 0.5, 0.5}), HasSubstr("all 3 true values are 0.5"));
  EXPECT_THROW((void)plain({1}, {1}), UsageError);
  EXPECT_THROW((void)plain({}, {}), UsageError);
  EXPECT_THROW((void)plain({1, 2}, {1, 2, 3}), UsageError);
  EXPECT_THAT(refusal_of({1, std::nan(""), 3}, {1, 2, 3}), HasSubstr("prediction 1 is nan"));
  EXPECT_THAT(refusal_of({1, 2}, {1, std::numeric_limits<double>::infinity()}),
              HasSubstr("true value 1 is inf"));
}

}  // namespace
}  // namespace espalier::host
