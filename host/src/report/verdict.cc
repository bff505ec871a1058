#include "espalier/host/report/verdict.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "espalier/host/report/comparison.h"

namespace espalier::host {
namespace {

constexpr const char* kRandomOnes = "random";

/// The values of a side, and the variance of the rounding of each.
struct Side {
  std::string name;
  std::vector<double> values;
  double rounding = 0.0;
};

double mean_test(const std::vector<TrainedArchitecture>& trained) {
  const double sum =
      std::accumulate(trained.begin(), trained.end(), 0.0,
                      [](double total, const TrainedArchitecture& each) { return total + each.result.test; });
  return sum / static_cast<double>(trained.size());
}

void set_rounding(const std::vector<TrainedArchitecture>& trained, Side& side) {
  if (trained.empty() || trained.front().result.test_images == 0) return;
  const double step = 100.0 / static_cast<double>(trained.front().result.test_images);
  side.rounding = step * step / 12.0;
}

/// The means of several architectures, or the trainings of one.
Side side_of(std::string name, const std::vector<const std::vector<TrainedArchitecture>*>& architectures) {
  Side side{.name = std::move(name), .values = {}};
  for (const auto* trained : architectures) {
    set_rounding(*trained, side);
    if (architectures.size() > 1) side.values.push_back(mean_test(*trained));
  }
  if (architectures.size() == 1)
    for (const TrainedArchitecture& each : *architectures.front()) side.values.push_back(each.result.test);
  return side;
}

std::vector<Side> methods_of(const Summary& summary) {
  std::vector<Side> sides;
  for (const SummaryRow& row : summary.rows) {
    std::vector<const std::vector<TrainedArchitecture>*> all;
    for (const SeedResult& result : row.results)
      if (!result.trained.empty()) all.push_back(&result.trained);
    if (!all.empty()) sides.push_back(side_of(row.label, all));
  }
  return sides;
}

std::vector<Side> baselines_of(const Summary& summary) {
  std::vector<Side> sides;
  std::vector<const std::vector<TrainedArchitecture>*> random;
  for (const BaselineResult& baseline : summary.baselines) {
    if (baseline.trained.empty()) continue;
    if (baseline.random)
      random.push_back(&baseline.trained);
    else
      sides.push_back(side_of(baseline.name, {&baseline.trained}));
  }
  if (!random.empty()) sides.push_back(side_of(kRandomOnes, random));
  return sides;
}

/// The variance of a mean, and its share of the degrees of freedom.
struct MeanVariance {
  double variance = 0.0;
  double over_freedom = 0.0;  ///< variance² / (n - 1)
};

MeanVariance mean_variance(const Side& side) {
  const auto count = static_cast<double>(side.values.size());
  const double deviation = statistics(side.values).standard_deviation.value_or(0.0);
  const double variance = (deviation * deviation + side.rounding) / count;
  return {.variance = variance, .over_freedom = variance * variance / (count - 1.0)};
}

Verdict compare_sides(const Side& method, const Side& baseline) {
  Verdict verdict{.method = method.name, .baseline = baseline.name};
  verdict.difference = statistics(method.values).mean - statistics(baseline.values).mean;
  if (method.values.size() < 2 || baseline.values.size() < 2) return verdict;
  const MeanVariance ours = mean_variance(method);
  const MeanVariance theirs = mean_variance(baseline);
  const double variance = ours.variance + theirs.variance;
  verdict.answer = VerdictAnswer::indistinguishable;
  if (!(variance > 0.0) || !std::isfinite(variance)) {  // equal to the last digit, with no images counted
    verdict.p = verdict.adjusted_p = verdict.difference == 0.0 ? 1.0 : 0.0;
    verdict.interval = Interval{.low = verdict.difference, .high = verdict.difference};
    return verdict;
  }
  const double freedom = variance * variance / (ours.over_freedom + theirs.over_freedom);
  const boost::math::students_t distribution(freedom);
  const double error = std::sqrt(variance);
  constexpr double upper = 0.975;
  const double half = boost::math::quantile(distribution, upper) * error;
  verdict.interval = Interval{.low = verdict.difference - half, .high = verdict.difference + half};
  verdict.p = verdict.adjusted_p =
      2.0 * boost::math::cdf(boost::math::complement(distribution, std::abs(verdict.difference) / error));
  return verdict;
}

void adjust(std::vector<Verdict>& all) {
  constexpr double level = 0.05;
  std::vector<double> p_values;
  for (const Verdict& verdict : all)
    if (verdict.answer != VerdictAnswer::unknown) p_values.push_back(verdict.p);
  const std::vector<double> adjusted = holm(p_values);
  auto next = adjusted.begin();
  for (Verdict& verdict : all) {
    if (verdict.answer == VerdictAnswer::unknown) continue;
    verdict.adjusted_p = *next++;
    if (verdict.adjusted_p < level)
      verdict.answer = verdict.difference > 0.0 ? VerdictAnswer::better : VerdictAnswer::worse;
  }
}

/// The label of the optimizer whose networks have the highest mean.
std::string best_method(const Summary& summary) {
  const SummaryRow* best = nullptr;
  for (const SummaryRow& row : summary.rows)
    if (row.trained && (best == nullptr || row.trained->mean > best->trained->mean)) best = &row;
  return best == nullptr ? "" : best->label;
}

}  // namespace

std::vector<ComparedNetworks> compared_networks(const Summary& summary) {
  std::vector<ComparedNetworks> all;
  const auto add = [&](const std::vector<TrainedArchitecture>& trained) {
    for (const TrainedArchitecture& each : trained) {
      all.back().tests.push_back(each.result.test);
      all.back().parameters += each.result.parameters;  // their sum, until all are there
    }
  };
  for (const SummaryRow& row : summary.rows) {
    all.push_back({.name = row.label, .is_baseline = false, .tests = {}});
    for (const SeedResult& result : row.results) add(result.trained);
  }
  for (const BaselineResult& baseline : summary.baselines) {
    all.push_back({.name = baseline.name, .is_baseline = true, .tests = {}});
    add(baseline.trained);
  }
  std::erase_if(all, [](const ComparedNetworks& networks) { return networks.tests.empty(); });
  for (ComparedNetworks& networks : all)
    networks.parameters /= static_cast<std::int64_t>(networks.tests.size());
  return all;
}

std::vector<Verdict> verdicts(const Summary& summary) {
  std::vector<Verdict> all;
  const std::vector<Side> baselines = baselines_of(summary);
  for (const Side& method : methods_of(summary))
    for (const Side& baseline : baselines) all.push_back(compare_sides(method, baseline));
  adjust(all);
  return all;
}

const BaselineResult* preferred_baseline(const Summary& summary) {
  const std::string method = best_method(summary);
  const std::vector<Verdict> all = verdicts(summary);
  const auto is_matched = [&](const BaselineResult& baseline) {
    const std::string name = baseline.random ? kRandomOnes : baseline.name;
    return !baseline.trained.empty() && std::ranges::any_of(all, [&](const Verdict& verdict) {
      return verdict.method == method && verdict.baseline == name &&
             (verdict.answer == VerdictAnswer::worse || verdict.answer == VerdictAnswer::indistinguishable);
    });
  };
  const BaselineResult* preferred = nullptr;
  for (const BaselineResult& baseline : summary.baselines) {
    if (!is_matched(baseline)) continue;
    const bool better =
        preferred == nullptr || (preferred->random && !baseline.random) ||
        (preferred->random == baseline.random && mean_test(baseline.trained) > mean_test(preferred->trained));
    if (better) preferred = &baseline;
  }
  return preferred;
}

}  // namespace espalier::host
