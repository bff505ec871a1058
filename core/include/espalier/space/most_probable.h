#pragma once

#include <functional>
#include <vector>

#include "espalier/plugin/export.h"
#include "espalier/space/search_space.h"

namespace espalier {

/// [any-thread] The architecture that a relaxation stands for, SearchSpace::discretize(weights), or when that
/// is not allowed, the most probable one that is. `weights` is [choices][candidates], and the probability of
/// an architecture is the product of the weights of its candidates. Throws Error when none of the 100,000
/// most probable combinations of candidates is allowed.
ESPALIER_EXPORT Architecture most_probable(const SearchSpace& space,
                                           const std::vector<std::vector<double>>& weights,
                                           const std::function<bool(const Architecture&)>& allowed);

}  // namespace espalier
