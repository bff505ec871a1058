#pragma once

namespace espalier {

/// What an optimizer learns of an architecture. The test accuracy is not part of it.
struct Evaluation {
  double value = 0.0;    ///< the objective, higher is better (validation accuracy in percent)
  double seconds = 0.0;  ///< what the evaluation cost: (simulated) training seconds
};

}  // namespace espalier
