#pragma once

#include <cstdint>

#include "espalier/config/config.h"
#include "espalier/network/compile/network.h"
#include "espalier/network/one_shot/search_images.h"
#include "espalier/network/training/batch.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// How an architecture is judged by the weights that it inherits from a supernet (Guo et al., 2020). Batch
/// norms first measure the statistics of this architecture alone, since those of the supernet are a mixture
/// of all of them.
struct InheritedAccuracy {
  std::uint64_t recalibration_batches = 20;  ///< that the batch norms see; 0: they keep their statistics
  std::uint64_t validation_batches = 0;      ///< that the architecture is judged by; 0: all

  /// Reads the options of these names.
  static ESPALIER_EXPORT InheritedAccuracy from(const Config& config);

  /// [one-thread] How well the network does on validation images with the candidates that its weightings
  /// select now. Its running statistics change, its weights do not; it is left in inference mode.
  ESPALIER_EXPORT BatchResult measure(Network& network, SearchImages& images) const;
};

}  // namespace espalier
