#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "espalier/host/report/rank_correlation.h"
#include "espalier/search/metric.h"

namespace espalier::program {

/// A metric as a command line names it.
struct RankedSide {
  std::string label;
  Metric metric;
};

/// What `espalier rank` found.
struct RankReport {
  std::string space;
  RankedSide predictor;
  RankedSide truth;
  std::size_t lacking = 0;  ///< architectures without a value of one of the two
  std::uint64_t seed = 0;
  std::size_t resamples = 0;
  std::vector<std::string> remarks = {};  ///< of the benchmarks
  host::RankCorrelation figures;
};

std::string rank_table(const RankReport& report);
nlohmann::ordered_json rank_json(const RankReport& report);
/// A row for each figure.
std::string rank_csv(const RankReport& report);

}  // namespace espalier::program
