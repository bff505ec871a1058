#pragma once

namespace espalier {

/// What a trial gave: all that an optimizer learns of an architecture. The test accuracy is not part of it.
struct Outcome {
  double value = 0.0;  ///< the objective, higher is better (validation accuracy in percent)
  double seconds =
      0.0;  ///< what the trial cost in simulated training seconds, a function of the config alone
};

}  // namespace espalier
