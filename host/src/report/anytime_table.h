#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/anytime_curve.h"

namespace espalier::host {

/// The anytime curve of one finished search and where it ended.
struct FinishedCurve {
  AnytimeCurve curve;
  std::uint64_t steps = 0;  ///< trials or epochs, as the curve counts
  double seconds = 0.0;
};

/// The rows of anytime.csv for one optimizer: mean and standard deviation over its seeds of the best
/// architecture so far, after 1, 2, 5, 10, … trials (or epochs) and simulated seconds, and at the end. A
/// point before the first trial of some seed is left out; a seed that ended earlier counts with what it ended
/// with.
std::string anytime_rows(const std::string& label, const std::vector<FinishedCurve>& curves);
std::string anytime_header();

}  // namespace espalier::host
