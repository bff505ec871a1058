#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "espalier/host/report/reported_run.h"
#include "espalier/host/report/summary.h"

namespace espalier::host {

/// What the folder of a search holds.
struct SearchOnDisk {
  ReportedSearch search;
  std::optional<SeedResult> result;  ///< once it is finished
};

/// Reads it. What is damaged is added to `gaps`.
SearchOnDisk read_reported_search(const std::filesystem::path& folder, std::uint64_t seed,
                                  const ResultMetrics& metrics, std::vector<std::string>& gaps);

/// Reads the folder of a training; `training` says where and of what.
void read_reported_training(ReportedTraining& training, std::vector<std::string>& gaps);

}  // namespace espalier::host
