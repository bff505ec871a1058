#pragma once

#include <ATen/core/Tensor.h>

#include "sums/deferred_gradient.h"

namespace espalier {

struct PoolForm {
  bool max;  ///< the maximum; otherwise the mean of the pixels of the window that lie inside the image
  int kernel;
  int stride;
  int padding;
};

/// Computes a pool as one autograd function, on the CPU in float or double and channels_last. `producer` is
/// the value's; with `takes_moments`, the output comes with its moments. The backward pass finds the maxima
/// again in the value, instead of keeping their places. It throws Error when it is run twice, or for
/// gradients of gradients.
Produced pool(const at::Tensor& value, const Producer& producer, const PoolForm& form, bool takes_moments);

}  // namespace espalier
