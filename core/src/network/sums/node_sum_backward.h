#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>
#include <vector>

#include "sums/batch_norm_transform.h"
#include "sums/deferred_gradient.h"

namespace espalier {

/// What the backward pass of a node's sum needs to know of a term.
struct NodeTermState {
  int weights;  ///< the position of its weights among the function's inputs; -1: the weight is 1
  int candidate;
  double weight;
  bool consumed;
  std::shared_ptr<DeferredGradient> deferred;
  int affine;  ///< the position of its gamma among the function's inputs, its beta behind it; -1: 1 and 0
  std::optional<Normalisation> norm;
};

/// The gradients of the function's inputs, the terms' values first. `gradient` is in_pixels().
std::vector<at::Tensor> node_sum_backward(const std::vector<NodeTermState>& terms,
                                          const std::vector<at::Tensor>& inputs, const at::Tensor& gradient);

}  // namespace espalier
