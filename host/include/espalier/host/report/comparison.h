#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "espalier/host/report/statistics.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// What a search with a seed reached.
struct SeedValue {
  std::uint64_t seed = 0;
  double value = 0.0;
};

/// How the values of one method differ from those of another, seed by seed.
struct Comparison {
  std::size_t pairs = 0;  ///< the seeds that both have
  /// The mean of the first less the second, and its 95 % confidence interval (Student's t). No interval for
  /// fewer than two pairs.
  double difference = 0.0;
  std::optional<Interval> interval = std::nullopt;
  /// Two-sided p-value of the signed-rank test (Wilcoxon, 1945); 1 where all pairs are equal.
  double p = 1.0;
  /// The same among all comparisons of one family; see holm().
  double adjusted_p = 1.0;
  /// The effect size: the matched-pairs rank-biserial correlation (Kerby, 2014). 1 where the first is larger
  /// with every seed, -1 where the second is, 0 where neither prevails.
  double effect = 0.0;
};

/// [any-thread] Compares two methods over the seeds that both have; `first` and `second` hold each seed once.
/// Pairs without a difference are left out of the test. Up to 50 pairs the p-value is exact, also with ties:
/// it counts, of all 2ⁿ ways to give signs to the ranks, those as extreme as the one at hand. Beyond, it is
/// that of the normal distribution, corrected for ties and continuity. adjusted_p is as p.
ESPALIER_EXPORT Comparison compare(std::span<const SeedValue> first, std::span<const SeedValue> second);

/// The smallest number of pairs with which the test can give less than 0.05.
inline constexpr std::size_t kFewestPairs = 6;

/// [any-thread] P-values adjusted for their number (Holm, 1979), in the order given: less than 0.05 in any of
/// them is wrong with a probability of at most 0.05 in all.
ESPALIER_EXPORT std::vector<double> holm(std::span<const double> p_values);

/// Two methods of several, by their index, and how they compare.
struct PairwiseComparison {
  std::size_t first = 0;
  std::size_t second = 0;
  Comparison comparison;
};

/// [any-thread] Every pair of methods, the first before the second in the order given, with p-values adjusted
/// over those that have at least kFewestPairs seeds in common.
ESPALIER_EXPORT std::vector<PairwiseComparison> compare_all(
    const std::vector<std::vector<SeedValue>>& methods);

}  // namespace espalier::host
