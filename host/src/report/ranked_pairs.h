#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace espalier::host {

/// Pairs of a prediction and a true value, sorted once. A resample of them is a weight for each pair: how
/// often it was drawn. All figures are those of such a resample, which therefore needs no sorting.
class RankedPairs {
 public:
  using Weights = std::span<const std::uint32_t>;  ///< one for each pair, in ascending order

  RankedPairs(std::span<const double> predictions, std::span<const double> truth,
              std::optional<int> decimals);

  std::size_t count() const { return truth_.size(); }

  /// τ-b; nothing where all predictions or all true values are equal.
  std::optional<double> kendall(Weights weights) const { return kendall(predicted_, weights); }
  /// The same of the rounded predictions; nothing without rounding.
  std::optional<double> sparse_kendall(Weights weights) const { return kendall(rounded_, weights); }
  /// ρ, with the mean rank for ties; nothing where all predictions or all true values are equal.
  std::optional<double> spearman(Weights weights) const;
  /// For 0 < k < count().
  double precision(std::size_t k, Weights weights) const;
  double regret(std::size_t k, Weights weights) const;

 private:
  using Ranks = std::vector<std::uint32_t>;  ///< equal values have equal ranks, which begin at 0

  std::optional<double> kendall(const Ranks& predicted, Weights weights) const;

  // All in ascending order of the predictions and, where those are equal, of the true values.
  Ranks predicted_;
  Ranks rounded_;  ///< empty without rounding
  Ranks true_;
  std::vector<double> truth_;
};

}  // namespace espalier::host
