#pragma once

#include <cstddef>

#include "espalier/config/config.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// How stochastic gradient descent trains the weights of a network: the options that every trainer of
/// networks has. The defaults are those of the search in DARTS (Liu 2019).
struct SgdOptions {
  int epochs = 50;
  std::size_t batch_size = 64;
  double learning_rate = 0.025;      ///< in the first epoch
  double learning_rate_min = 0.001;  ///< that it falls to
  double momentum = 0.9;
  double weight_decay = 3e-4;
  double clip = 5.0;  ///< the largest norm of the gradient; 0: no limit

  /// Reads the options of these names.
  static ESPALIER_EXPORT SgdOptions from(const Config& config, const SgdOptions& defaults);

  /// The learning rate of an epoch, which counts from 0. It falls along half a cosine, which would reach
  /// learning_rate_min after the last epoch (Loshchilov & Hutter 2017, without restarts).
  ESPALIER_EXPORT double learning_rate_in(int epoch) const;
};

}  // namespace espalier
