#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace espalier {

// Recomputing the activations of one segment, as an autograd function; recomputation.h applies it to each
// segment of a plan. LibTorch offers this only in Python.

/// Computes what leaves a segment of a network from what enters it; either may have undefined tensors. The
/// backward pass calls it a second time (`again`): then it must compute the same and have no other effect.
using Segment = std::function<std::vector<at::Tensor>(const std::vector<at::Tensor>& inputs, bool again)>;

/// Runs a segment without keeping its activations. The backward pass runs it again, with gradients, and then
/// backward. `parameters` are the leaves with gradients that the segment reads beside its inputs. The
/// backward pass throws Error when it is run twice, or for gradients of gradients.
std::vector<at::Tensor> recompute_segment(Segment segment, const std::vector<at::Tensor>& inputs,
                                          const std::vector<at::Tensor>& parameters);

}  // namespace espalier
