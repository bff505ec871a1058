#pragma once

namespace espalier {

/// What a network is made for: a few layers depend on it (see Affine).
enum class Purpose {
  search,      ///< the supernet, trained while the architecture is searched
  evaluation,  ///< one architecture, trained from scratch
};

}  // namespace espalier
