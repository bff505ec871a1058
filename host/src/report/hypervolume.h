#pragma once

#include <vector>

namespace espalier::host {

/// The volume that points dominate, bounded by `reference` (Zitzler & Thiele, 1999). Higher is better in all
/// values. A point that does not dominate the reference adds nothing.
double hypervolume(std::vector<std::vector<double>> points, const std::vector<double>& reference);

}  // namespace espalier::host
