#include "espalier/host/report/rank_correlation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>

#include "espalier/errors/errors.h"
#include "espalier/random/random.h"
#include "report/ranked_pairs.h"

namespace espalier::host {
namespace {

constexpr double low_tail = 0.025;
constexpr RngStream bootstrap_stream("bootstrap");

using Weights = std::vector<std::uint32_t>;
using Figure = std::function<std::optional<double>(const Weights& weights)>;

void check_values(std::span<const double> values, std::string_view what) {
  const auto wrong = std::ranges::find_if_not(values, [](double value) { return std::isfinite(value); });
  if (wrong != values.end())
    throw UsageError({.what = fmt::format("{} {} is {}", what, wrong - values.begin(), *wrong),
                      .expected = "a finite number"});
  if (std::ranges::adjacent_find(values, std::not_equal_to()) == values.end())
    throw Error({.what = fmt::format("all {} {}s are {}: there is no rank correlation with a constant",
                                     values.size(), what, values.front()),
                 .expected = "values that differ"});
}

void check(std::span<const double> predictions, std::span<const double> truth) {
  if (predictions.size() != truth.size())
    throw UsageError(
        {.what = fmt::format("there are {} predictions of {} true values", predictions.size(), truth.size()),
         .expected = "one for each"});
  if (truth.size() < 2)
    throw UsageError({.what = fmt::format("a rank correlation of {} pairs does not exist", truth.size()),
                      .expected = "two or more pairs"});
  check_values(predictions, "prediction");
  check_values(truth, "true value");
}

Weights resample(std::size_t count, std::uint64_t seed, std::size_t index) {
  Rng rng(seed, bootstrap_stream, index);
  Weights weights(count);
  for (std::size_t i = 0; i < count; ++i) ++weights[rng.below(count)];
  return weights;
}

/// Between the two nearest of the sorted values.
double percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - std::floor(place));
}

std::optional<Interval> interval_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  return Interval{.low = percentile(values, low_tail), .high = percentile(values, 1.0 - low_tail)};
}

/// One for each figure; nothing where the sample does not have it.
std::vector<std::optional<Estimate>> estimates(const std::vector<Figure>& figures, std::size_t count,
                                               const RankOptions& options) {
  std::vector<std::vector<double>> resampled(figures.size());
  for (std::size_t i = 0; i < options.resamples; ++i) {
    const Weights weights = resample(count, options.seed, i);
    for (std::size_t j = 0; j < figures.size(); ++j)
      if (const std::optional<double> value = figures[j](weights)) resampled[j].push_back(*value);
  }
  const Weights once(count, 1);
  std::vector<std::optional<Estimate>> result;
  for (std::size_t j = 0; j < figures.size(); ++j) {
    const std::optional<double> value = figures[j](once);
    result.push_back(value ? std::optional(Estimate{*value, interval_of(std::move(resampled[j]))})
                           : std::nullopt);
  }
  return result;
}

}  // namespace

RankCorrelation rank_correlation(std::span<const double> predictions, std::span<const double> truth,
                                 const RankOptions& options) {
  check(predictions, truth);
  const RankedPairs pairs(predictions, truth, options.decimals);
  std::vector<std::size_t> top;
  std::ranges::copy_if(options.top, std::back_inserter(top),
                       [&](std::size_t k) { return k > 0 && k < pairs.count(); });

  std::vector<Figure> figures = {[&](const Weights& weights) { return pairs.kendall(weights); },
                                 [&](const Weights& weights) { return pairs.sparse_kendall(weights); },
                                 [&](const Weights& weights) { return pairs.spearman(weights); }};
  for (const std::size_t k : top) {
    figures.emplace_back([&pairs, k](const Weights& weights) { return pairs.precision(k, weights); });
    figures.emplace_back([&pairs, k](const Weights& weights) { return pairs.regret(k, weights); });
  }
  const std::vector<std::optional<Estimate>> found = estimates(figures, pairs.count(), options);

  // The sample has all others: neither side of it is constant.
  RankCorrelation result{
      .count = pairs.count(), .kendall = *found[0], .sparse_kendall = found[1], .spearman = *found[2]};
  for (std::size_t i = 0; i < top.size(); ++i)
    result.top.push_back({.k = top[i], .precision = *found[3 + 2 * i], .regret = *found[4 + 2 * i]});
  return result;
}

}  // namespace espalier::host
