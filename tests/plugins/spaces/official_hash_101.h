#pragma once

#include <string>
#include <vector>

namespace espalier::testing {

/// NAS-Bench-101's hash of a cell, as the authors' graph_util.hash_module() computes it. `matrix` is
/// [from][to]; the labels are 0 to 2 for the operations, without those of input and output.
std::string official_hash(const std::vector<std::vector<bool>>& matrix, const std::vector<int>& labels);

}  // namespace espalier::testing
