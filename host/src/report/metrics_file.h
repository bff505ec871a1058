#pragma once

#include <filesystem>
#include <string>

#include "report/summarize.h"

namespace espalier::host {

/// The text of metrics.json, sealed: what a run's plugins know of its figures before any search has ended, so
/// that a report needs none of these plugins.
std::string to_metrics_text(const SummaryContext& context);

/// Reads it, and takes from the config what stands there. Throws Error when the file is gone or damaged.
SummaryContext read_metrics(const std::filesystem::path& file, const RunConfig& config);

}  // namespace espalier::host
