#pragma once

#include <ATen/core/Tensor.h>

#include "espalier/graph/weighting.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// A relaxation: the weights of a choice's candidates as a function of what an optimizer learns.
///
/// All copies of an edge share one instance, and a network asks it once in each forward pass: first for its
/// weights(), then which candidates run(). A candidate does not run, and costs nothing, in two cases: where
/// runs() is false, and where its weight is exactly 0 and needs no gradient.
class ESPALIER_EXPORT OpWeighting : public Weighting {
 public:
  /// [one-thread] One weight for each candidate, [size()]: finite floating point numbers, and a
  /// differentiable function of the architecture parameters whenever these require a gradient. The weight of
  /// a candidate that does not run is 0. Anything else ends the search with an error that names the
  /// optimizer, the choice and the value. A stochastic relaxation draws here; runs() then tells what was
  /// drawn.
  virtual at::Tensor weights() = 0;
};

}  // namespace espalier
