#pragma once

#include "espalier/search/objective_values.h"

namespace espalier {

/// What a trial gave: all that an optimizer learns of it. What a report benchmark knows is not part of it.
struct Outcome {
  /// One value for each objective, in their order. Higher is always better: a metric that is minimized comes
  /// with the other sign.
  ObjectiveValues values;
  /// What the trial cost in simulated training seconds, a function of the config alone.
  double seconds = 0.0;

  /// The value of the first objective, the only one in most searches.
  double value() const { return values.front(); }
};

}  // namespace espalier
