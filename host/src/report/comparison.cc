#include "espalier/host/report/comparison.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>
#include <numeric>

namespace espalier::host {
namespace {

/// The ranks of the absolute differences, doubled so that those of ties are whole, and their sum over the
/// positive ones.
struct SignedRanks {
  std::vector<std::uint64_t> doubled;
  std::uint64_t positive = 0;
  std::uint64_t all = 0;
  double ties = 0.0;  ///< the sum of t³ - t over groups of t equal ones
};

SignedRanks rank(std::vector<double> differences) {
  std::erase(differences, 0.0);
  std::ranges::sort(differences, {}, [](double difference) { return std::abs(difference); });
  SignedRanks ranks;
  for (std::size_t begin = 0; begin < differences.size();) {
    std::size_t end = begin;
    while (end < differences.size() && std::abs(differences[end]) == std::abs(differences[begin])) ++end;
    const std::uint64_t doubled = begin + 1 + end;  // twice the mean of the ranks begin + 1 to end
    for (std::size_t i = begin; i < end; ++i) {
      ranks.doubled.push_back(doubled);
      ranks.all += doubled;
      if (differences[i] > 0.0) ranks.positive += doubled;
    }
    const auto equal = static_cast<double>(end - begin);
    ranks.ties += equal * equal * equal - equal;
    begin = end;
  }
  return ranks;
}

/// ways[s] of the 2ⁿ choices of signs have the sum s of positive ranks: one rank after the other either adds
/// to the sum or does not.
double exact_p(const SignedRanks& ranks) {
  std::vector<double> ways(ranks.all + 1, 0.0);
  ways[0] = 1.0;
  for (const std::uint64_t rank : ranks.doubled)
    for (std::uint64_t sum = ranks.all; sum >= rank; --sum) ways[sum] += ways[sum - rank];
  const std::uint64_t smaller = std::min(ranks.positive, ranks.all - ranks.positive);
  const double tail =
      std::accumulate(ways.begin(), ways.begin() + static_cast<std::ptrdiff_t>(smaller) + 1, 0.0);
  return std::min(1.0, 2.0 * tail / std::exp2(static_cast<double>(ranks.doubled.size())));
}

double normal_p(const SignedRanks& ranks) {
  const auto n = static_cast<double>(ranks.doubled.size());
  const double mean = n * (n + 1.0) / 4.0;
  const double variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ranks.ties / 48.0;
  const double distance = std::abs(static_cast<double>(ranks.positive) / 2.0 - mean) - 0.5;
  const boost::math::normal_distribution<double> normal;
  return std::min(1.0, 2.0 * boost::math::cdf(boost::math::complement(
                                 normal, std::max(0.0, distance) / std::sqrt(variance))));
}

double p_of(const SignedRanks& ranks) {
  constexpr std::size_t most_exact = 50;
  if (ranks.doubled.empty()) return 1.0;
  return ranks.doubled.size() <= most_exact ? exact_p(ranks) : normal_p(ranks);
}

double effect_of(const SignedRanks& ranks) {
  if (ranks.all == 0) return 0.0;
  const auto all = static_cast<double>(ranks.all);
  return (2.0 * static_cast<double>(ranks.positive) - all) / all;
}

}  // namespace

Comparison compare(std::span<const SeedValue> first, std::span<const SeedValue> second) {
  std::map<std::uint64_t, double> by_seed;
  for (const SeedValue& each : second) by_seed[each.seed] = each.value;
  std::vector<double> differences;
  differences.reserve(first.size());
  for (const SeedValue& each : first)
    if (const auto other = by_seed.find(each.seed); other != by_seed.end())
      differences.push_back(each.value - other->second);
  Comparison comparison{.pairs = differences.size()};
  if (differences.empty()) return comparison;
  const Statistics figure = statistics(differences);
  const SignedRanks ranks = rank(std::move(differences));
  comparison.difference = figure.mean;
  comparison.interval = figure.interval;
  comparison.p = comparison.adjusted_p = p_of(ranks);
  comparison.effect = effect_of(ranks);
  return comparison;
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto remaining = static_cast<double>(order.size() - i);
    largest = std::max(largest, std::min(1.0, remaining * p_values[order[i]]));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

std::vector<PairwiseComparison> compare_all(const std::vector<std::vector<SeedValue>>& methods) {
  std::vector<PairwiseComparison> pairs;
  std::vector<double> p_values;
  for (std::size_t first = 0; first < methods.size(); ++first)
    for (std::size_t second = first + 1; second < methods.size(); ++second) {
      pairs.push_back(
          {.first = first, .second = second, .comparison = compare(methods[first], methods[second])});
    }
  // A pair of too few seeds cannot be found to differ, and takes nothing from the others.
  const auto can_tell = [](const PairwiseComparison& pair) { return pair.comparison.pairs >= kFewestPairs; };
  for (const PairwiseComparison& pair : pairs)
    if (can_tell(pair)) p_values.push_back(pair.comparison.p);
  const std::vector<double> adjusted = holm(p_values);
  auto next = adjusted.begin();
  for (PairwiseComparison& pair : pairs)
    if (can_tell(pair)) pair.comparison.adjusted_p = *next++;
  return pairs;
}

}  // namespace espalier::host
