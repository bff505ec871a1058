#pragma once

#include <algorithm>

#include "kernels/channel_sums.h"

namespace espalier::kernels {

/// to[p·to_stride + c] = from[p][c].
template <class T>
void copy_pixels(const Pixels<T>& from, T* to, std::size_t to_stride) {
  for (std::size_t p = 0; p < from.pixels; ++p)
    std::copy_n(from.values + p * from.stride, from.channels, to + p * to_stride);
}

}  // namespace espalier::kernels
