#include "convolution/convolution.h"

#include <ATen/ATen.h>

namespace espalier {

at::Tensor convolve(const Conv2d& conv, const at::Tensor& input, const at::Tensor& filters,
                    const at::Tensor& bias) {
  const std::int64_t groups = conv.groups == kDepthwise ? input.size(1) : conv.groups;
  // The oneDNN of LibTorch 1.13 and 2.15 writes beyond its memory in the backward pass of a strided 1×1
  // convolution on CPUs without AVX-512 (jit_avx2_1x1_convolution_bwd_weights_t). One over every other pixel
  // is the same.
  if (conv.kernel == 1 && conv.stride > 1 && conv.padding == 0 && input.device().is_cpu()) {
    const at::Tensor pixels =
        input.slice(2, 0, input.size(2), conv.stride).slice(3, 0, input.size(3), conv.stride);
    return at::conv2d(pixels, filters, bias, /*stride=*/at::IntArrayRef{1},
                      /*padding=*/at::IntArrayRef{0}, /*dilation=*/at::IntArrayRef{1}, groups);
  }
  return at::conv2d(input, filters, bias, conv.stride, conv.padding, conv.dilation, groups);
}

}  // namespace espalier
