#pragma once

#include <string>

#include "espalier/host/report/summary.h"

namespace espalier::host {

/// The text of front.csv: a row for each architecture of the front, with the objectives and the report.
std::string front_csv(const SeedResult& result, const ResultMetrics& metrics);

}  // namespace espalier::host
