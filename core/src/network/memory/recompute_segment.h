#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace espalier {

/// A part of a network, from what enters it to what leaves it; undefined tensors are not there. Called once
/// more in the backward pass (`again`), when it must compute the same and leave everything else alone.
using Segment = std::function<std::vector<at::Tensor>(const std::vector<at::Tensor>& inputs, bool again)>;

/// Runs a segment without keeping what it computes: its backward pass runs it again first. `parameters` are
/// the leaves beside the inputs that have gradients. Throws Error in the backward pass when it is taken
/// twice, or for gradients of gradients.
std::vector<at::Tensor> checkpoint(Segment segment, const std::vector<at::Tensor>& inputs,
                                   const std::vector<at::Tensor>& parameters);

}  // namespace espalier
