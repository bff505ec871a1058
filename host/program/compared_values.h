#pragma once

#include <filesystem>
#include <vector>

#include "espalier/host/report/rank_correlation.h"
#include "espalier/space/search_space.h"
#include "looked_up_metric.h"

namespace espalier::program {

/// An architecture with a value of each of two metrics, in their units.
struct Compared {
  Architecture architecture;
  double predicted;
  double truth;
};

/// Those of the architectures that have both values. Throws UsageError where fewer than two have.
std::vector<Compared> compare(const std::vector<Architecture>& architectures, const LookedUpMetric& predictor,
                              const LookedUpMetric& truth);

/// How well the one orders the other, in what is better. Predictions in percent are also rounded to 0.1.
/// Throws Error where one of the two is the same for all.
host::RankCorrelation correlation(const std::vector<Compared>& compared, const LookedUpMetric& predictor,
                                  const LookedUpMetric& truth, host::RankOptions options);

/// A table (CSV) of both values of each architecture.
void write_values(const std::filesystem::path& file, const std::vector<Compared>& compared,
                  const SearchSpace& space);

}  // namespace espalier::program
