#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "compile/weights.h"
#include "sums/deferred_gradient.h"

namespace espalier {

/// One of what enters a node: weight·value, or weight·batch_norm(value).
struct NodeTerm {
  at::Tensor value;  ///< [N, C, H, W]
  const LayerWeights* batch_norm = nullptr;
  Origin origin = {};
  int weights = -1;  ///< the weight is entry `candidate` of the weights numbered so; -1: it is 1
  int candidate = 0;
  double weight = 1.0;    ///< the same as a number
  bool consumed = false;  ///< nothing else reads the value: its memory may become that of its gradient
};

/// Σ over the terms as one autograd function, on the CPU in float or double and channels_last. With
/// `training` over the batch's moments, which also move the running statistics. No normalised value is ever
/// stored: a batch norm is a scale and an offset to each channel, and its gradient a·g + b·x + c. `terms` is
/// not empty. Throws Error in the backward pass when it is taken twice, or for gradients of gradients.
Made node_sum(const std::vector<NodeTerm>& terms, const std::vector<at::Tensor>& weights, bool training);

}  // namespace espalier
