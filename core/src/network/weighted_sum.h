#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace espalier {

/// How a term weighs: entry `candidate` of the weights numbered `weights`, or 1.
struct WeightedTerm {
  int weights = -1;
  int candidate = 0;
  double value = 1.0;  ///< the weight as a number
};

/// Σ weight·term as one autograd function: no product is ever stored, and nothing is kept but the terms.
/// `weights` are vectors; all `terms` have one shape.
at::Tensor weighted_sum(const std::vector<at::Tensor>& terms, const std::vector<at::Tensor>& weights,
                        const std::vector<WeightedTerm>& form);

}  // namespace espalier
