#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "compile/weights.h"
#include "sums/deferred_gradient.h"

namespace espalier {

/// A term of the sum that enters a node: weight·value, or weight·batch_norm(value).
struct NodeTerm {
  at::Tensor value;  ///< [N, C, H, W]
  const LayerWeights* batch_norm = nullptr;
  Producer producer = {};  ///< of the value
  int weights = -1;   ///< the place of the vector of weights that `weight` is from; -1 where the weight is 1
  int candidate = 0;  ///< its place in that vector
  double weight = 1.0;  ///< the same as a number
  bool consumed =
      false;  ///< whether nothing else reads the value, so that its gradient may be written over it
};

/// Computes Σ over the terms as one autograd function, on the CPU in float or double and channels_last:
///
///     Σ_t w_t·(γ_t·(x_t − μ_t)/σ_t + β_t) = Σ_t (w_t·scale_t)·x_t + Σ_t w_t·offset_t
///
/// (scale and offset as in batch_norm_transform.h). One walk over the pixels reads all x_t and writes the
/// sum; no normalized or weighted value is ever stored. The backward pass is in node_sum_backward.cc.
///
/// With `training`, batch norms use the moments of the batch, and update their running statistics. `terms`
/// must not be empty. The backward pass throws Error when it is run twice, or for gradients of gradients.
Produced node_sum(const std::vector<NodeTerm>& terms, const std::vector<at::Tensor>& weights, bool training);

}  // namespace espalier
