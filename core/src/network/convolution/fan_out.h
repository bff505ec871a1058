#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "compile/weights.h"
#include "espalier/layers/layer.h"
#include "sums/deferred_gradient.h"

namespace espalier {

/// How a fan-out reads its value: relu(batch_norm(value)), without the parts that are absent.
struct FanOutReading {
  const LayerWeights* batch_norm = nullptr;
  Producer producer = {};  ///< of the value
  bool relu = false;
};

/// The filters of a branch, or their gradients.
struct BranchFilters {
  at::Tensor depthwise;    ///< [C, 1, k, k], or undefined
  at::Tensor convolution;  ///< [O, C, k, k], or undefined
};

/// A depthwise convolution, one of all channels, or a depthwise one followed by a 1×1 convolution of all
/// channels.
struct FanOutBranch {
  const Conv2d* depthwise = nullptr;
  const Conv2d* convolution = nullptr;
  BranchFilters filters;
  bool takes_moments = false;  ///< whether a batch norm will ask for the moments of the output
};

/// Runs all branches that read one tensor as one autograd function, on the CPU in float or double and
/// channels_last.
///
/// LibTorch would read the whole tensor from memory and write the whole result for the batch norm, the relu,
/// and each convolution in turn. Here a few images at a time are read into cache, normalized, rectified and
/// padded on the way, and all branches run on them there. What was read is not kept: the backward pass reads
/// it again, and sums the gradients of all branches in cache before it writes the value's.
///
/// With `training`, the batch norm uses the moments of the batch, and updates its running statistics. The
/// backward pass throws Error when it is run twice, or for gradients of gradients.
std::vector<Produced> fan_out(const at::Tensor& value, const FanOutReading& reading,
                              const std::vector<FanOutBranch>& branches, bool training, bool winograd);

}  // namespace espalier
