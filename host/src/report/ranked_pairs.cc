#include "report/ranked_pairs.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "report/prefix_sums.h"

namespace espalier::host {
namespace {

using Counts = std::vector<std::int64_t>;

std::vector<std::uint32_t> dense_ranks(const std::vector<double>& values) {
  std::vector<double> distinct = values;
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<std::uint32_t> ranks;
  ranks.reserve(values.size());
  for (const double value : values)
    ranks.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(distinct, value) - distinct.begin()));
  return ranks;
}

std::size_t distinct_count(const std::vector<std::uint32_t>& ranks) {
  return static_cast<std::size_t>(std::ranges::max(ranks)) + 1;
}

/// How often each rank was drawn.
Counts counts_of(const std::vector<std::uint32_t>& ranks, RankedPairs::Weights weights) {
  Counts counts(distinct_count(ranks));
  for (std::size_t i = 0; i < ranks.size(); ++i) counts[ranks[i]] += weights[i];
  return counts;
}

/// Of all n(n-1)/2 pairs of draws, those that do not tie.
std::int64_t untied(const Counts& counts) {
  std::int64_t drawn = 0;
  std::int64_t result = 0;
  for (const std::int64_t count : counts) {
    result += drawn * count;
    drawn += count;
  }
  return result;
}

/// Twice the mean rank of each value, less twice the mean of all ranks, which makes it a whole number.
Counts centered_ranks(const Counts& counts) {
  const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  std::int64_t below = 0;
  Counts ranks;
  ranks.reserve(counts.size());
  for (const std::int64_t count : counts) {
    ranks.push_back(2 * below + count - total);
    below += count;
  }
  return ranks;
}

double spread(const Counts& counts, const Counts& ranks) {
  double sum = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto rank = static_cast<double>(ranks[i]);
    sum += static_cast<double>(counts[i]) * rank * rank;
  }
  return sum;
}

/// The rank of the place-th best draw, counted from 1.
std::size_t rank_at(std::int64_t place, const Counts& counts) {
  std::size_t rank = counts.size();
  while (place > 0) place -= counts[--rank];
  return rank;
}

}  // namespace

RankedPairs::RankedPairs(std::span<const double> predictions, std::span<const double> truth,
                         std::optional<int> decimals) {
  std::vector<std::size_t> order(truth.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, std::less(), [&](std::size_t i) { return std::pair(predictions[i], truth[i]); });
  std::vector<double> sorted;
  sorted.reserve(order.size());
  truth_.reserve(order.size());
  for (const std::size_t i : order) {
    sorted.push_back(predictions[i]);
    truth_.push_back(truth[i]);
  }
  predicted_ = dense_ranks(sorted);
  true_ = dense_ranks(truth_);
  if (!decimals) return;
  const double scale = std::pow(10.0, *decimals);
  for (double& value : sorted) value = std::nearbyint(value * scale);  // as NumPy rounds
  rounded_ = dense_ranks(sorted);
}

/// The draws are visited in the order of the predictions. Each is concordant with those of smaller
/// predictions whose true value is smaller, too, and discordant with those whose true value is larger. Sums
/// over all true values below one, which are kept while draws are added, count both in O(log n) (Knight,
/// 1966, counts by sorting instead).
std::optional<double> RankedPairs::kendall(const Ranks& predicted, Weights weights) const {
  if (predicted.empty()) return std::nullopt;
  const double untied_predictions = static_cast<double>(untied(counts_of(predicted, weights)));
  const double untied_truth = static_cast<double>(untied(counts_of(true_, weights)));
  if (untied_predictions == 0.0 || untied_truth == 0.0) return std::nullopt;

  PrefixSums visited(distinct_count(true_));
  std::int64_t difference = 0;  // of concordant and discordant pairs
  for (std::size_t begin = 0, end = 0; begin < predicted.size(); begin = end) {
    for (; end < predicted.size() && predicted[end] == predicted[begin]; ++end) {
      if (weights[end] == 0) continue;
      const std::int64_t smaller = visited.below(true_[end]);
      const std::int64_t larger = visited.total() - visited.below(true_[end] + std::size_t{1});
      difference += weights[end] * (smaller - larger);
    }
    for (std::size_t i = begin; i < end; ++i)
      if (weights[i] != 0) visited.add(true_[i], weights[i]);
  }
  const double tau =
      static_cast<double>(difference) / std::sqrt(untied_predictions) / std::sqrt(untied_truth);
  return std::clamp(tau, -1.0, 1.0);
}

std::optional<double> RankedPairs::spearman(Weights weights) const {
  const Counts predicted = counts_of(predicted_, weights);
  const Counts truth = counts_of(true_, weights);
  const Counts predicted_ranks = centered_ranks(predicted);
  const Counts true_ranks = centered_ranks(truth);
  const double predicted_spread = spread(predicted, predicted_ranks);
  const double true_spread = spread(truth, true_ranks);
  if (predicted_spread == 0.0 || true_spread == 0.0) return std::nullopt;
  double sum = 0.0;
  for (std::size_t i = 0; i < count(); ++i)
    sum += weights[i] * static_cast<double>(predicted_ranks[predicted_[i]]) *
           static_cast<double>(true_ranks[true_[i]]);
  return std::clamp(sum / std::sqrt(predicted_spread) / std::sqrt(true_spread), -1.0, 1.0);
}

double RankedPairs::precision(std::size_t k, Weights weights) const {
  const auto next = static_cast<std::int64_t>(k) + 1;
  const std::size_t predicted_bar = rank_at(next, counts_of(predicted_, weights));
  const std::size_t true_bar = rank_at(next, counts_of(true_, weights));
  std::int64_t both = 0;
  for (std::size_t i = count(); i-- > 0 && predicted_[i] > predicted_bar;)
    if (true_[i] > true_bar) both += weights[i];
  return static_cast<double>(both) / static_cast<double>(k);
}

/// Of t draws whose predictions tie for the last m of the k places, with true values v₁ ≥ v₂ ≥ … , the best
/// of m random ones is vⱼ with probability C(t-j, m-1) / C(t, m), which is m/t for j = 1 and changes by the
/// factor (t-j-m+1) / (t-j) from j to j + 1.
double RankedPairs::regret(std::size_t k, Weights weights) const {
  const Counts counts = counts_of(predicted_, weights);
  const std::size_t last = rank_at(static_cast<std::int64_t>(k), counts);
  double best = -std::numeric_limits<double>::infinity();
  double best_above = best;
  auto places = static_cast<double>(k);
  for (std::size_t i = 0; i < count(); ++i) {
    if (weights[i] == 0) continue;
    best = std::max(best, truth_[i]);
    if (predicted_[i] <= last) continue;
    best_above = std::max(best_above, truth_[i]);
    places -= weights[i];
  }
  auto rest = static_cast<double>(counts[last]);
  double probability = places / rest;
  double mean = 0.0;
  const auto [begin, end] =
      std::equal_range(predicted_.begin(), predicted_.end(), static_cast<std::uint32_t>(last));
  for (auto i = static_cast<std::size_t>(end - predicted_.begin());
       i-- > static_cast<std::size_t>(begin - predicted_.begin()) && probability > 0.0;) {
    const double distance = best - std::max(best_above, truth_[i]);
    for (std::uint32_t copy = 0; copy < weights[i] && probability > 0.0; ++copy) {
      mean += probability * distance;
      rest -= 1.0;
      probability *= (rest - places + 1.0) / std::max(rest, 1.0);
    }
  }
  return mean;
}

}  // namespace espalier::host
