#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier::host {

/// How several methods rank over several benchmarks (Demšar, "Statistical Comparisons of Classifiers over
/// Multiple Data Sets", 2006).
struct MeanRanks {
  std::vector<double> ranks;  ///< of each method, the mean over the benchmarks; 1 is the best
  /// Of Friedman's test in the form of Iman and Davenport, without a correction for ties, as in the paper.
  double p = 1.0;
  /// Two methods whose ranks differ by less cannot be told apart (Nemenyi's test at 5 %).
  double critical_difference = 0.0;
  std::vector<std::size_t> order;  ///< the methods, from the best rank on
  /// The first and the last place in `order` of each longest group whose ranks differ by less.
  std::vector<std::pair<std::size_t, std::size_t>> joined;
};

/// [any-thread] Ranks the methods; `values` are [benchmark][method], higher is better, and equal ones share
/// the mean of their ranks. Needs at least two benchmarks, and at least two methods, as many in each. Throws
/// UsageError otherwise.
ESPALIER_EXPORT MeanRanks mean_ranks(const std::vector<std::vector<double>>& values);

/// [any-thread] The 95 % quantile of the range of `methods` independent standard normal values, divided by
/// √2: q in Demšar's critical difference q·√(k(k+1)/6N).
ESPALIER_EXPORT double nemenyi_quantile(std::size_t methods);

}  // namespace espalier::host
