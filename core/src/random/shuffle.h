#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "espalier/random/random.h"

namespace espalier {

/// Permutes the values uniformly (Fisher & Yates). std::shuffle() gives other results on other platforms.
inline void shuffle(std::vector<std::uint32_t>& values, Rng rng) {
  for (std::size_t left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[rng.below(left)]);
}

}  // namespace espalier
