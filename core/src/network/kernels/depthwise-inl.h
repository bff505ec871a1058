// What the forward and backward passes of a depthwise convolution share, compiled once for each instruction
// set: included inside HWY_BEFORE_NAMESPACE().
#if defined(ESPALIER_KERNELS_DEPTHWISE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ESPALIER_KERNELS_DEPTHWISE_INL_H
#undef ESPALIER_KERNELS_DEPTHWISE_INL_H
#else
#define ESPALIER_KERNELS_DEPTHWISE_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <type_traits>

#include "kernels/channels-inl.h"
#include "kernels/depthwise.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

using Index = std::ptrdiff_t;

/// x86 has 16 registers before AVX-512, then 32.
constexpr bool kManyRegisters = (HWY_TARGET & (HWY_SSSE3 | HWY_SSE4 | HWY_AVX2)) == 0;

struct Sizes {
  Index channels;
  Index padded_row;  ///< numbers from one padded row to the next
  Index output_row;
  Index height;  ///< of the output
  Index width;
};

/// The window in numbers that may be negative.
struct Taps {
  explicit Taps(const Window& window)
      : kernel(static_cast<Index>(window.kernel)),
        stride(static_cast<Index>(window.stride)),
        dilation(static_cast<Index>(window.dilation)),
        margin(static_cast<Index>(window.margin)),
        output_step(dilation / std::gcd(stride, dilation)),
        tap_step(stride / std::gcd(stride, dilation)) {}

  Index kernel;
  Index stride;
  Index dilation;
  Index margin;
  /// Outputs so far apart read pixels `dilation` apart as an undilated convolution of stride `tap_step` does.
  Index output_step;
  Index tap_step;
};

inline Index rounded_up_quotient(Index a, Index b) { return (a + b - 1) / b; }

/// Pixels of a row and the rows of taps that add to it. Forwards pixel p sums what its taps read,
/// from[stride·p + t]; backwards it is read, and adds with tap t to to[stride·p + t].
template <class T>
struct Line {
  const T* from;
  Index from_step;
  Index from_row_step;
  const T* filters;
  Index filter_row_step;
  Index rows;
  Index taps;
  Index channels;  ///< from one tap to the next
  T* to;
  Index to_step;
  Index stride;
  Index pixels;
};

template <std::size_t kTaps, class D, class T>
HWY_INLINE void load_filters(D d, const Line<T>& line, Index row, Index tap, hn::Vec<D> (&filters)[kTaps]) {
  const T* filter = line.filters + row * line.filter_row_step + tap * line.channels;
  for (std::size_t t = 0; t < kTaps; ++t, filter += line.channels) filters[t] = hn::LoadU(d, filter);
}

/// Calls block(count, pixel) for the line's pixels from `pixel` on, `count` being the constant kPixels, then
/// half of it.
template <std::size_t kPixels, class Block>
HWY_INLINE void for_each_block(Index pixel, Index pixels, const Block& block) {
  for (; pixel + Index(kPixels) <= pixels; pixel += kPixels)
    block(std::integral_constant<std::size_t, kPixels>(), pixel);
  if constexpr (kPixels > 1) for_each_block<kPixels / 2>(pixel, pixels, block);
}

/// Calls body(kernel, stride) with constants, those of vectors and the usual kernels; with 1 and 1, which
/// serve all, for the rest.
template <class T, class D, class Body>
HWY_INLINE void with_constants(D, Index kernel, Index stride, const Body& body) {
  using One = std::integral_constant<std::size_t, 1>;
  using Two = std::integral_constant<std::size_t, 2>;
  using Three = std::integral_constant<std::size_t, 3>;
  using Five = std::integral_constant<std::size_t, 5>;
  if constexpr (!std::is_same_v<D, hn::CappedTag<T, 1>>) {
    if (kernel == 3 && stride == 1) return body(Three{}, One{});
    if (kernel == 5 && stride == 1) return body(Five{}, One{});
    if (kernel == 3 && stride == 2) return body(Three{}, Two{});
    if (kernel == 5 && stride == 2) return body(Five{}, Two{});
  }
  body(One{}, One{});
}

inline Sizes sizes_of(const ImageShape& padded, std::size_t height, std::size_t width) {
  return {Index(padded.channels), Index(padded.width * padded.channels), Index(width * padded.channels),
          Index(height), Index(width)};
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
