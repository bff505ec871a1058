#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "compile/weights.h"
#include "espalier/layers/layer.h"
#include "sums/deferred_gradient.h"

namespace espalier {

/// How a source reads its value: relu(batch_norm(value)), or what there is of it.
struct SourceReading {
  const LayerWeights* batch_norm = nullptr;
  Origin origin = {};  ///< of the value
  bool relu = false;
};

/// The filters of a branch, or their gradients.
struct SourceFilters {
  at::Tensor depthwise;    ///< [C, 1, k, k], or undefined
  at::Tensor convolution;  ///< [O, C, k, k], or undefined
};

/// A depthwise convolution, one of all channels, or the one and then, as a 1×1, the other.
struct SourceBranch {
  const Conv2d* depthwise = nullptr;
  const Conv2d* convolution = nullptr;
  SourceFilters filters;
  bool takes_moments = false;
};

/// All branches that read one tensor as one autograd function, on the CPU in float or double and
/// channels_last. What is read is never stored as a whole: a few images at a time are read into cache,
/// padded, for all branches, and read again in the backward pass. With `training` over the batch's moments,
/// which also move the running statistics. Throws Error in the backward pass when it is taken twice, or for
/// gradients of gradients.
std::vector<Made> source(const at::Tensor& value, const SourceReading& reading,
                         const std::vector<SourceBranch>& branches, bool training, bool winograd);

}  // namespace espalier
