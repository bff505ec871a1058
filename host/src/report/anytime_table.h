#pragma once

#include <string>
#include <vector>

#include "espalier/host/report/anytime.h"

namespace espalier::host {

/// The rows of anytime.csv for one optimizer: mean and standard deviation over its seeds of the best
/// architecture so far, after 1, 2, 5, 10, … trials (or epochs) and simulated seconds, and at the end. A
/// point before the first trial of some seed is left out; a seed that ended earlier counts with what it ended
/// with.
std::string anytime_rows(const std::string& label, const std::vector<SearchCurve>& curves);
std::string anytime_header();

}  // namespace espalier::host
