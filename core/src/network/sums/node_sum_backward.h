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
  int weights;  ///< the place of its weights among the function's inputs; -1 where the weight is 1
  int candidate;
  double weight;
  bool consumed;
  std::shared_ptr<DeferredGradient> deferred;
  int affine;  ///< the place of its gamma among the inputs, with beta right behind it; -1 where it has
               ///< neither
  std::optional<BatchNormTransform> norm;
};

/// The gradients of the function's inputs, the values of the terms first. `gradient` is in_pixels().
std::vector<at::Tensor> node_sum_backward(const std::vector<NodeTermState>& terms,
                                          const std::vector<at::Tensor>& inputs, const at::Tensor& gradient);

}  // namespace espalier
