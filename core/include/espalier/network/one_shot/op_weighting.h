#pragma once

#include <ATen/core/Tensor.h>

#include "espalier/graph/weighting.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// A relaxation: the weights of a choice's candidates as a function of what an optimizer learns.
///
/// All copies of an edge share one instance, and a network asks it once in each forward pass.
class ESPALIER_EXPORT OpWeighting : public Weighting {
 public:
  /// [one-thread] One weight for each candidate, [size()]: finite floating point numbers, and a
  /// differentiable function of the architecture parameters whenever these require a gradient. Anything else
  /// ends the search with an error that names the optimizer, the choice and the value. A stochastic
  /// relaxation draws here; selected() then names the candidate that was drawn.
  virtual at::Tensor weights() = 0;
};

}  // namespace espalier
