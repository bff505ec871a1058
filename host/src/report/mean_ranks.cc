#include "espalier/host/report/mean_ranks.h"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

/// 1 for the largest; equal values share the mean of their ranks.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<double> ranks;
  for (const double value : values) {
    const auto better = std::ranges::count_if(values, [value](double other) { return other > value; });
    const auto equal = std::ranges::count(values, value);
    ranks.push_back(static_cast<double>(better) + (static_cast<double>(equal) + 1.0) / 2.0);
  }
  return ranks;
}

/// P(range ≤ q) = k ∫ φ(z) (Φ(z) − Φ(z − q))^(k−1) dz: one of k values is the largest, z, and all others lie
/// within q below it.
double range_probability(double q, std::size_t methods) {
  const boost::math::normal_distribution<double> normal;
  const auto k = static_cast<double>(methods);
  const auto density = [&](double z) {
    return k * boost::math::pdf(normal, z) *
           std::pow(boost::math::cdf(normal, z) - boost::math::cdf(normal, z - q), k - 1.0);
  };
  constexpr double far = 10.0;
  constexpr unsigned points = 61;
  return boost::math::quadrature::gauss_kronrod<double, points>::integrate(density, -far, far);
}

/// χ² of Friedman without a correction for ties, and F = (N−1)χ² / (N(k−1) − χ²).
double friedman_p(const std::vector<double>& ranks, std::size_t benchmarks) {
  const auto k = static_cast<double>(ranks.size());
  const auto n = static_cast<double>(benchmarks);
  const double squares = std::accumulate(ranks.begin(), ranks.end(), 0.0,
                                         [](double sum, double rank) { return sum + rank * rank; });
  const double chi_squared = 12.0 * n / (k * (k + 1.0)) * (squares - k * (k + 1.0) * (k + 1.0) / 4.0);
  const double rest = n * (k - 1.0) - chi_squared;
  if (rest <= 1e-9 * n) return 0.0;  // every benchmark ranks the methods alike
  const boost::math::fisher_f distribution(k - 1.0, (k - 1.0) * (n - 1.0));
  return boost::math::cdf(
      boost::math::complement(distribution, std::max(0.0, (n - 1.0) * chi_squared / rest)));
}

void check_table(const std::vector<std::vector<double>>& values) {
  const bool even = values.size() >= 2 && values.front().size() >= 2 &&
                    std::ranges::all_of(values, [&](const std::vector<double>& row) {
                      return row.size() == values.front().size();
                    });
  if (even) return;
  throw UsageError({.what = "these values cannot be ranked",
                    .expected = "at least two benchmarks, and the same two or more methods on each"});
}

void join(MeanRanks& result) {
  std::size_t last_end = 0;
  for (std::size_t begin = 0; begin < result.order.size(); ++begin) {
    std::size_t end = begin;
    while (end + 1 < result.order.size() &&
           result.ranks[result.order[end + 1]] - result.ranks[result.order[begin]] <
               result.critical_difference)
      ++end;
    if (end > begin && end > last_end) result.joined.emplace_back(begin, end);
    last_end = std::max(last_end, end);
  }
}

}  // namespace

double nemenyi_quantile(std::size_t methods) {
  constexpr double confidence = 0.95;
  constexpr double most = 20.0;
  std::uintmax_t iterations = 100;
  const auto found = boost::math::tools::toms748_solve(
      [methods](double q) { return range_probability(q, methods) - confidence; }, 0.01, most,
      boost::math::tools::eps_tolerance<double>(), iterations);
  return (found.first + found.second) / 2.0 / std::sqrt(2.0);
}

MeanRanks mean_ranks(const std::vector<std::vector<double>>& values) {
  check_table(values);
  const std::size_t methods = values.front().size();
  const auto k = static_cast<double>(methods);
  const auto n = static_cast<double>(values.size());
  MeanRanks result;
  result.ranks.assign(methods, 0.0);
  for (const std::vector<double>& row : values) {
    const std::vector<double> ranks = ranks_of(row);
    for (std::size_t i = 0; i < methods; ++i) result.ranks[i] += ranks[i];
  }
  for (double& rank : result.ranks) rank /= n;
  result.p = friedman_p(result.ranks, values.size());
  result.critical_difference = nemenyi_quantile(methods) * std::sqrt(k * (k + 1.0) / (6.0 * n));
  result.order.resize(methods);
  std::iota(result.order.begin(), result.order.end(), std::size_t{0});
  std::ranges::stable_sort(result.order, {}, [&](std::size_t i) { return result.ranks[i]; });
  join(result);
  return result;
}

}  // namespace espalier::host
