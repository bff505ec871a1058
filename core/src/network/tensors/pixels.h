#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstddef>

#include "kernels/channel_sums.h"
#include "tensors/shared_indices.h"

namespace espalier {

/// The tensor itself where the channels of a pixel are adjacent and all pixels equally far apart, as in
/// channels_last and in a range of channels of it; otherwise a copy in channels_last.
at::Tensor in_pixels(const at::Tensor& tensor);

/// All pixels of a tensor that is in_pixels().
template <class T>
kernels::Pixels<T> pixels_of(const at::Tensor& tensor) {
  const auto channels = static_cast<std::size_t>(tensor.size(1));
  const bool dense = tensor.is_contiguous(at::MemoryFormat::ChannelsLast);
  return {.values = tensor.data_ptr<T>(),
          .pixels = static_cast<std::size_t>(tensor.numel()) / channels,
          .channels = channels,
          .stride = dense ? channels : static_cast<std::size_t>(tensor.stride(3))};
}

/// The pixels from `begin` to before `end`.
template <class T>
kernels::Pixels<T> part_of(const kernels::Pixels<T>& all, std::size_t begin, std::size_t end) {
  return {.values = all.values + begin * all.stride,
          .pixels = end - begin,
          .channels = all.channels,
          .stride = all.stride};
}

/// Pixels in chunks that stay in cache. They depend on the sizes alone, so that what is summed chunk by chunk
/// is the same on any number of threads.
class PixelChunks {
 public:
  PixelChunks(std::size_t pixels, std::size_t channels)
      : pixels_(pixels), size_(std::max({std::size_t{16}, kNumbers / channels, (pixels + 255) / 256})) {}

  std::size_t size() const { return size_; }
  std::size_t count() const { return (pixels_ + size_ - 1) / size_; }

  /// Calls part(chunk, begin, end) for each, on ATen's threads.
  template <class Part>
  void for_each(const Part& part) const {
    for_each_index(count(), [&](std::size_t chunk) {
      part(chunk, chunk * size_, std::min(pixels_, (chunk + 1) * size_));
    });
  }

 private:
  static constexpr std::size_t kNumbers =
      16 * 1024;  ///< how many numbers a chunk has, unless there would be more than 256 chunks

  std::size_t pixels_;
  std::size_t size_;
};

}  // namespace espalier
