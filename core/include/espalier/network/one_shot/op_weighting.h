#pragma once

#include <ATen/core/Tensor.h>

#include "espalier/graph/weighting.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// A relaxation: the weights of a choice's candidates as a function of what an optimizer learns.
///
/// One instance belongs to all copies of an edge, and a network asks it once in a forward pass.
class ESPALIER_EXPORT OpWeighting : public Weighting {
 public:
  /// [size()], differentiable. A stochastic relaxation draws here; selected() is then that of the draw.
  virtual at::Tensor weights() = 0;
};

}  // namespace espalier
