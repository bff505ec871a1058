#pragma once

#include <cstddef>
#include <span>

#include "espalier/network/training/image_set.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// What may end a training from scratch before the last epoch of its options.
struct TrainingLimits {
  /// The training ends after so many epochs without a better accuracy on `validation`, and the weights are
  /// then those of the best epoch; 0: it does not.
  int patience = 0;
  ImageSet validation = {};
  /// About how long the training takes: the number of epochs is chosen by the time that the first steps take,
  /// and is at most that of the options; 0: it is that of the options.
  double minutes = 0.0;
};

/// How many epochs take about so many seconds, from `least` to `most`, by the median of the times of single
/// steps. An epoch is as long as `steps` of them.
ESPALIER_EXPORT int epochs_within(double seconds, std::span<const double> step_seconds, double steps,
                                  int least, int most);

}  // namespace espalier
