#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/curve.h"

namespace espalier::host {

/// The anytime curve of one finished search and where it ended.
struct FinishedCurve {
  Curve curve;
  std::uint64_t trials = 0;
  double seconds = 0.0;
};

/// The rows of anytime.csv for one optimizer: mean and standard deviation over its seeds of the best
/// architecture so far, at 1, 2, 5, 10, … trials and (simulated) seconds and at the end. A point
/// that some seed had not reached with a first evaluation is left out; a seed that ended earlier
/// counts with what it ended with.
std::string anytime_rows(const std::string& label, const std::vector<FinishedCurve>& curves);
std::string anytime_header();

}  // namespace espalier::host
