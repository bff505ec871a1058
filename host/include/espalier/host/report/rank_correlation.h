#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "espalier/host/report/statistics.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// A figure of a sample.
struct Estimate {
  double value = 0.0;
  /// The 95 % bootstrap interval. Nothing without resamples, and where none of them has the figure.
  std::optional<Interval> interval = std::nullopt;
};

/// How good the best predictions are.
struct TopFigures {
  std::size_t k = 0;
  /// The share of k that is both among the k best predictions and among the k best true values. Of each, only
  /// those above the (k+1)-th best value count, so that ties at this place lower the share.
  Estimate precision;
  /// The distance from the best true value to the best one among the k best predictions, in the unit of the
  /// truth. Where predictions tie for the last places, it is the mean over all ways to break the ties.
  Estimate regret;
};

/// How well predictions order what they predict.
struct RankCorrelation {
  std::size_t count = 0;  ///< pairs
  Estimate kendall;       ///< τ-b, from -1 to 1
  /// τ-b of the rounded predictions. Nothing where it was not asked for, and where rounding makes all
  /// predictions equal.
  std::optional<Estimate> sparse_kendall = std::nullopt;
  Estimate spearman;                 ///< ρ, with the mean rank for ties
  std::vector<TopFigures> top = {};  ///< for each k that is smaller than the count
};

/// What rank_correlation() computes, besides the correlations.
struct RankOptions {
  std::optional<int> decimals = std::nullopt;  ///< to which sparse_kendall rounds, such as 1
  std::vector<std::size_t> top = {1, 10, 50};  ///< each k from 1 on
  std::size_t resamples = 1000;                ///< 0 leaves the intervals out
  std::uint64_t seed = 0;                      ///< of the resamples
};

/// [any-thread] The rank correlation of predictions with the truth, where higher is better in both, so that a
/// positive correlation means that they agree. It is computed in O(n log n) for the sample and for each
/// resample. The intervals reach from the 2.5 % to the 97.5 % percentile over resamples that are drawn with
/// replacement (Efron, 1979); the same seed gives the same intervals. Kendall's τ-b is (C - D) /
/// sqrt((n₀ - n₁)(n₀ - n₂)) for C concordant and D discordant ones of n₀ pairs, of which n₁ tie in the
/// predictions and n₂ in the truth (Kendall, 1945). Sparse τ and precision are defined as by NASLib (White et
/// al., "How Powerful are Performance Predictors in Neural Architecture Search?", 2021).
///
/// Throws UsageError where there are fewer than two pairs, two lengths, or values that are infinite or not a
/// number, and Error where all predictions or all true values are equal: they have no rank correlation.
ESPALIER_EXPORT RankCorrelation rank_correlation(std::span<const double> predictions,
                                                 std::span<const double> truth,
                                                 const RankOptions& options = {});

}  // namespace espalier::host
