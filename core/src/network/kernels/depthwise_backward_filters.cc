#include "kernels/depthwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/depthwise_backward_filters.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/depthwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// Adds kPixels pixels' products to the sums of kRows rows of taps.
template <std::size_t kTaps, std::size_t kStride, std::size_t kRows, std::size_t kPixels, class D, class T>
HWY_INLINE void add_products(D d, const T* gradient, Index gradient_step, const T* padded, Index step,
                             Index row_step, hn::Vec<D> (&sums)[kRows][kTaps]) {
  hn::Vec<D> factors[kPixels];
  for (std::size_t p = 0; p < kPixels; ++p) factors[p] = hn::LoadU(d, gradient + Index(p) * gradient_step);
#pragma GCC unroll 8
  for (std::size_t i = 0; i < kRows; ++i, padded += row_step) {
    const T* from = padded;
#pragma GCC unroll 32
    for (std::size_t q = 0; q < (kPixels - 1) * kStride + kTaps; ++q, from += step) {
      const auto x = hn::LoadU(d, from);
#pragma GCC unroll 8
      for (std::size_t t = 0; t < kTaps; ++t) {
        if (q < t || (q - t) % kStride != 0 || (q - t) / kStride >= kPixels) continue;
        sums[i][t] = hn::MulAdd(x, factors[(q - t) / kStride], sums[i][t]);
      }
    }
  }
}

/// Adds a row's products, kPixels pixels at a time, then half as many.
template <std::size_t kTaps, std::size_t kStride, std::size_t kRows, std::size_t kPixels, class D, class T>
HWY_INLINE void add_row_products(D d, const T* gradient, Index gradient_step, const T* padded, Index step,
                                 Index row_step, Index pixels, hn::Vec<D> (&sums)[kRows][kTaps]) {
  for (; pixels >= Index(kPixels); pixels -= kPixels) {
    add_products<kTaps, kStride, kRows, kPixels>(d, gradient, gradient_step, padded, step, row_step, sums);
    gradient += Index(kPixels) * gradient_step;
    padded += Index(kPixels * kStride) * step;
  }
  if constexpr (kPixels > 1)
    add_row_products<kTaps, kStride, kRows, kPixels / 2>(d, gradient, gradient_step, padded, step, row_step,
                                                         pixels, sums);
}

/// The rows of taps from `row` on, kRows at a time, the sums of which stay in registers over the whole image;
/// then half as many, if any are left.
template <std::size_t kTaps, std::size_t kStride, std::size_t kRows, class D, class T>
HWY_INLINE void add_tap_rows(D d, const Sizes& sizes, const Taps& taps, Index row, const T* padded,
                             const T* gradient, T* filters_gradient) {
  constexpr std::size_t kPixels = kRows == 5 ? 2 : kTaps * kRows <= 5 || kManyRegisters ? 8 : 4;
  const Index step = taps.dilation * sizes.channels;
  const Index row_step = taps.dilation * sizes.padded_row;
  for (; row + Index(kRows) <= taps.kernel; row += kRows) {
    for (Index tap = 0; tap < taps.kernel; tap += kTaps) {
      hn::Vec<D> sums[kRows][kTaps];
      for (auto& of_row : sums)
        for (auto& sum : of_row) sum = hn::Zero(d);

      const T* corner = padded + taps.margin * sizes.padded_row + taps.margin * sizes.channels +
                        row * row_step + tap * step;
      for (Index x = 0; x < std::min(taps.output_step, sizes.width); ++x) {
        const Index pixels = rounded_up_quotient(sizes.width - x, taps.output_step);
        for (Index y = 0; y < sizes.height; ++y)
          add_row_products<kTaps, kStride, kRows, kPixels>(
              d, gradient + y * sizes.output_row + x * sizes.channels, taps.output_step * sizes.channels,
              corner + taps.stride * (y * sizes.padded_row + x * sizes.channels),
              kTaps == 1 ? taps.tap_step * step : step, row_step, pixels, sums);
      }

      for (std::size_t r = 0; r < kRows; ++r) {
        T* to = filters_gradient + ((row + Index(r)) * taps.kernel + tap) * sizes.channels;
        for (std::size_t t = 0; t < kTaps; ++t, to += sizes.channels)
          hn::StoreU(hn::Add(hn::LoadU(d, to), sums[r][t]), d, to);
      }
    }
  }
  if constexpr (kRows > 1 && kTaps % kRows != 0)
    add_tap_rows<kTaps, kStride, kRows / 2>(d, sizes, taps, row, padded, gradient, filters_gradient);
}

template <std::size_t kTaps, std::size_t kStride, class D, class T>
HWY_NOINLINE void backward_filters_channels(D d, Sizes sizes, Taps taps, const T* padded, const T* gradient,
                                            T* filters_gradient) {
  constexpr std::size_t kRows = kTaps == 1 ? 4 : kTaps == 5 && !kManyRegisters ? 2 : kTaps;
  add_tap_rows<kTaps, kStride, kRows>(d, sizes, taps, 0, padded, gradient, filters_gradient);
}

template <class T>
HWY_INLINE void backward_filters(const T* padded, const Sizes& sizes, const Window& window, const T* gradient,
                                 T* filters_gradient) {
  const Taps taps(window);
  for_each_vector<T>(std::size_t(sizes.channels), [&](auto d, std::size_t c) HWY_ATTR {
    with_constants<T>(d, taps.kernel, taps.tap_step, [&](auto count, auto stride) HWY_ATTR {
      backward_filters_channels<count(), stride()>(d, sizes, taps, padded + c, gradient + c,
                                                   filters_gradient + c);
    });
  });
}

void backward_filters_float(const float* padded, const ImageShape& shape, const Window& window,
                            const float* gradient, std::size_t height, std::size_t width,
                            float* filters_gradient) {
  backward_filters(padded, sizes_of(shape, height, width), window, gradient, filters_gradient);
}
void backward_filters_double(const double* padded, const ImageShape& shape, const Window& window,
                             const double* gradient, std::size_t height, std::size_t width,
                             double* filters_gradient) {
  backward_filters(padded, sizes_of(shape, height, width), window, gradient, filters_gradient);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(backward_filters_float);
HWY_EXPORT(backward_filters_double);

void depthwise_backward_filters(const float* padded, const ImageShape& padded_shape, const Window& window,
                                const float* gradient, std::size_t output_height, std::size_t output_width,
                                float* filters_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_filters_float)
  (padded, padded_shape, window, gradient, output_height, output_width, filters_gradient);
}
void depthwise_backward_filters(const double* padded, const ImageShape& padded_shape, const Window& window,
                                const double* gradient, std::size_t output_height, std::size_t output_width,
                                double* filters_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_filters_double)
  (padded, padded_shape, window, gradient, output_height, output_width, filters_gradient);
}

}  // namespace espalier::kernels
#endif
