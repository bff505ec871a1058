#pragma once

namespace espalier {

/// What a network is made for. Batch norms depend on it (see Affine).
enum class Purpose {
  search,      ///< a supernet, trained while the architecture is searched
  evaluation,  ///< the network of one architecture, trained from scratch
};

}  // namespace espalier
