#pragma once

#include <string>

#include "espalier/host/report/summary.h"

namespace espalier::host {

/// The text of summary.csv: a row for each optimizer.
std::string to_csv_text(const Summary& summary);

}  // namespace espalier::host
