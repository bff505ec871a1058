#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "sums/node_sum.h"

namespace espalier {

/// Σ weight·value as one autograd function of ATen's operations, on any device: no product is ever stored,
/// and nothing is kept but the terms. `weights` are vectors; all terms have one shape and no batch norm.
at::Tensor weighted_sum(const std::vector<NodeTerm>& terms, const std::vector<at::Tensor>& weights);

}  // namespace espalier
