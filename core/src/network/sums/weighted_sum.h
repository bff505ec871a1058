#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "sums/node_sum.h"

namespace espalier {

/// Computes Σ weight·value as one autograd function of ATen's operations, on any device: no product is
/// stored, and nothing is kept for the backward pass but the terms. `weights` are vectors. All terms must
/// have one shape, and none a batch norm.
at::Tensor weighted_sum(const std::vector<NodeTerm>& terms, const std::vector<at::Tensor>& weights);

}  // namespace espalier
