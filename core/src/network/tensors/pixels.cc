#include "tensors/pixels.h"

#include <ATen/ATen.h>

namespace espalier {

at::Tensor in_pixels(const at::Tensor& tensor) {
  if (tensor.is_contiguous(at::MemoryFormat::ChannelsLast)) return tensor;
  const std::int64_t pixel = tensor.stride(3);
  const bool rows = tensor.stride(2) == pixel * tensor.size(3);
  const bool images = tensor.stride(0) == pixel * tensor.size(3) * tensor.size(2);
  if (tensor.stride(1) == 1 && pixel >= tensor.size(1) && rows && images) return tensor;
  return tensor.contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace espalier
