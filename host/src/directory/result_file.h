#pragma once

#include <filesystem>
#include <optional>

#include "espalier/data/dataset.h"
#include "espalier/host/report/summary.h"
#include "files/json_optional.h"

namespace espalier::host {

/// Reads the result.json of a search; nothing when there is none. Throws Error when it is damaged.
std::optional<SeedResult> read_search(const std::filesystem::path& file, const ResultMetrics& metrics);

/// What the result.json of a training on `dataset` holds beside its job, and the same read back.
OrderedJson to_json(const TrainingResult& trained, const Dataset& dataset);
std::optional<TrainedArchitecture> read_training(const std::filesystem::path& file);

}  // namespace espalier::host
