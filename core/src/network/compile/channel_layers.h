#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace espalier {

// Layers that move channels and compute nothing. In channels_last on a CPU they run on Espalier's own
// kernels: a pixel is a few numbers, for which LibTorch's loops over general tensors are slow.

/// The channels of all tensors, one after another.
at::Tensor concat_channels(const std::vector<at::Tensor>& inputs);
/// A copy whose pixels are dense, of a tensor on the CPU in float or double; no gradient flows through it.
at::Tensor dense_copy(const at::Tensor& tensor);
/// The channels of `groups` groups in turn.
at::Tensor shuffle_channels(const at::Tensor& input, std::int64_t groups);

}  // namespace espalier
