#pragma once

#include <ATen/core/Tensor.h>

#include "sums/deferred_gradient.h"

namespace espalier {

struct PoolForm {
  bool max;  ///< else the mean of what lies inside the image
  int kernel;
  int stride;
  int padding;
};

/// A pool as one autograd function, on the CPU in float or double and channels_last. The backward pass of a
/// maximum seeks it once more in the value. Throws Error in the backward pass when it is taken twice, or for
/// gradients of gradients. `origin` is the value's.
Made pool(const at::Tensor& value, const Origin& origin, const PoolForm& form, bool takes_moments);

}  // namespace espalier
