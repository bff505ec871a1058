#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "espalier/random/random.h"

namespace espalier {

/// A uniform permutation (Fisher & Yates); that of the standard library differs between platforms.
inline void shuffle(std::vector<std::uint32_t>& values, Rng rng) {
  for (std::size_t left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[rng.below(left)]);
}

}  // namespace espalier
