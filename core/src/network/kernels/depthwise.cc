#include "kernels/depthwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/depthwise.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/depthwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// kPixels pixels, which stay in registers. kTaps and kStride are the line's own, and what several taps read
/// is loaded once; or both are 1, and taps are taken one by one.
template <std::size_t kTaps, std::size_t kStride, std::size_t kPixels, class D, class T>
HWY_INLINE void forward_block(D d, const Line<T>& line, Index pixel) {
  const Index step = kTaps == 1 ? line.stride * line.from_step : line.from_step;
  hn::Vec<D> sums[kPixels];
  for (auto& sum : sums) sum = hn::Zero(d);

  for (Index i = 0; i < line.rows; ++i) {
    for (Index tap = 0; tap < (kTaps == 1 ? line.taps : 1); ++tap) {
      hn::Vec<D> filters[kTaps];
      load_filters(d, line, i, tap, filters);
      const T* from = line.from + i * line.from_row_step + (line.stride * pixel + tap) * line.from_step;
#pragma GCC unroll 32
      for (std::size_t q = 0; q < (kPixels - 1) * kStride + kTaps; ++q, from += step) {
        const auto x = hn::LoadU(d, from);
#pragma GCC unroll 8
        for (std::size_t t = 0; t < kTaps; ++t) {
          if (q < t || (q - t) % kStride != 0 || (q - t) / kStride >= kPixels) continue;
          sums[(q - t) / kStride] = hn::MulAdd(x, filters[t], sums[(q - t) / kStride]);
        }
      }
    }
  }

  T* to = line.to + pixel * line.to_step;
  for (std::size_t p = 0; p < kPixels; ++p, to += line.to_step) hn::StoreU(sums[p], d, to);
}

/// Not inlined, so that the compiler allocates registers for one kernel at a time. The arguments are passed
/// by value, so that it knows that no store changes a size.
template <std::size_t kTaps, std::size_t kStride, class D, class T>
HWY_NOINLINE void convolve_channels(D d, Sizes sizes, Taps taps, const T* padded, const T* filters,
                                    T* output) {
  for (Index x = 0; x < std::min(taps.output_step, sizes.width); ++x) {
    Line<T> line{
        .from = padded + taps.margin * sizes.padded_row + (taps.margin + x * taps.stride) * sizes.channels,
        .from_step = taps.dilation * sizes.channels,
        .from_row_step = taps.dilation * sizes.padded_row,
        .filters = filters,
        .filter_row_step = taps.kernel * sizes.channels,
        .rows = taps.kernel,
        .taps = taps.kernel,
        .channels = sizes.channels,
        .to = output + x * sizes.channels,
        .to_step = taps.output_step * sizes.channels,
        .stride = taps.tap_step,
        .pixels = rounded_up_quotient(sizes.width - x, taps.output_step),
    };
    for (Index y = 0; y < sizes.height; ++y) {
      for_each_block<8>(0, line.pixels, [&](auto pixels, Index first) HWY_ATTR {
        forward_block<kTaps, kStride, pixels()>(d, line, first);
      });
      line.from += taps.stride * sizes.padded_row;
      line.to += sizes.output_row;
    }
  }
}

template <class T>
HWY_INLINE void convolve(const T* padded, const Sizes& sizes, const Window& window, const T* filters,
                         T* output) {
  const Taps taps(window);
  for_each_vector<T>(std::size_t(sizes.channels), [&](auto d, std::size_t c) HWY_ATTR {
    with_constants<T>(d, taps.kernel, taps.tap_step, [&](auto count, auto stride) HWY_ATTR {
      convolve_channels<count(), stride()>(d, sizes, taps, padded + c, filters + c, output + c);
    });
  });
}

void convolve_float(const float* padded, const ImageShape& shape, const Window& window, const float* filters,
                    std::size_t height, std::size_t width, float* output) {
  convolve(padded, sizes_of(shape, height, width), window, filters, output);
}
void convolve_double(const double* padded, const ImageShape& shape, const Window& window,
                     const double* filters, std::size_t height, std::size_t width, double* output) {
  convolve(padded, sizes_of(shape, height, width), window, filters, output);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(convolve_float);
HWY_EXPORT(convolve_double);

void depthwise(const float* padded, const ImageShape& padded_shape, const Window& window,
               const float* filters, std::size_t output_height, std::size_t output_width, float* output) {
  HWY_DYNAMIC_DISPATCH(convolve_float)
  (padded, padded_shape, window, filters, output_height, output_width, output);
}
void depthwise(const double* padded, const ImageShape& padded_shape, const Window& window,
               const double* filters, std::size_t output_height, std::size_t output_width, double* output) {
  HWY_DYNAMIC_DISPATCH(convolve_double)
  (padded, padded_shape, window, filters, output_height, output_width, output);
}

}  // namespace espalier::kernels
#endif
