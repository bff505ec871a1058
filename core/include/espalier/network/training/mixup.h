#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "espalier/plugin/export.h"
#include "espalier/random/random.h"

namespace espalier {

/// How mixup (Zhang et al. 2018) adds up the images of a batch.
struct Mixing {
  double share = 1.0;                   ///< λ, of each image itself; its partner gets the rest
  std::vector<std::uint32_t> partners;  ///< of each image, its place in the batch
};

/// [any-thread] λ from Beta(alpha, alpha), one for the whole batch, and a permutation of its images, as in
/// the authors' code.
ESPALIER_EXPORT Mixing draw_mixing(double alpha, std::size_t images, Rng rng);

}  // namespace espalier
