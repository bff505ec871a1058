#include "sums/moments.h"

#include <algorithm>

#include "tensors/pixels.h"

namespace espalier {

Moments MomentsOfParts::merge(std::size_t size, std::size_t pixels) const {
  const auto channels = static_cast<std::ptrdiff_t>(channels_);
  const auto squares = numbers_.begin() + channels;
  Moments all{.mean = {numbers_.begin(), squares}, .squares = {squares, squares + channels}};
  for (std::size_t before = size; before < pixels; before += size) {
    const double* const mean = numbers_.data() + 2 * before / size * channels_;
    kernels::merge_moments(channels_, before, all.mean.data(), all.squares.data(),
                           std::min(size, pixels - before), mean, mean + channels_);
  }
  return all;
}

template <class T>
Moments batch_moments(const kernels::Pixels<T>& x) {
  const PixelChunks chunks(x.pixels, x.channels);
  MomentsOfParts parts(chunks.count(), x.channels);
  chunks.for_each([&](std::size_t chunk, std::size_t begin, std::size_t end) {
    parts.take(chunk, part_of(x, begin, end));
  });
  return parts.merge(chunks.size(), x.pixels);
}

template Moments batch_moments(const kernels::Pixels<float>& x);
template Moments batch_moments(const kernels::Pixels<double>& x);

}  // namespace espalier
