#include "depthwise.h"

#include <algorithm>
#include <numeric>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "depthwise.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "channels-inl.h"

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

/// What kPixels pixels add stays in registers, over all rows.
template <std::size_t kTaps, std::size_t kStride, std::size_t kPixels, class D, class T>
HWY_INLINE void backward_block(D d, const Line<T>& line, Index pixel) {
  constexpr std::size_t kSums = (kPixels - 1) * kStride + kTaps;
  const Index step = kTaps == 1 ? line.stride * line.to_step : line.to_step;
  for (Index tap = 0; tap < (kTaps == 1 ? line.taps : 1); ++tap) {
    hn::Vec<D> sums[kSums];
    T* const begin = line.to + (line.stride * pixel + tap) * line.to_step;
    T* to = begin;
    for (std::size_t q = 0; q < kSums; ++q, to += step) sums[q] = hn::LoadU(d, to);

    for (Index i = 0; i < line.rows; ++i) {
      hn::Vec<D> filters[kTaps];
      load_filters(d, line, i, tap, filters);
      const T* from = line.from + i * line.from_row_step + pixel * line.from_step;
#pragma GCC unroll 8
      for (std::size_t p = 0; p < kPixels; ++p, from += line.from_step) {
        const auto g = hn::LoadU(d, from);
#pragma GCC unroll 8
        for (std::size_t t = 0; t < kTaps; ++t)
          sums[p * kStride + t] = hn::MulAdd(g, filters[t], sums[p * kStride + t]);
      }
    }

    to = begin;
    for (std::size_t q = 0; q < kSums; ++q, to += step) hn::StoreU(sums[q], d, to);
  }
}

/// The line's pixels from `pixel` on, in blocks of kPixels, then of half as many.
template <std::size_t kTaps, std::size_t kStride, bool kBackward, std::size_t kPixels, class D, class T>
HWY_INLINE void add_pixels(D d, const Line<T>& line, Index pixel) {
  for (; pixel + Index(kPixels) <= line.pixels; pixel += kPixels) {
    if constexpr (kBackward)
      backward_block<kTaps, kStride, kPixels>(d, line, pixel);
    else
      forward_block<kTaps, kStride, kPixels>(d, line, pixel);
  }
  if constexpr (kPixels > 1) add_pixels<kTaps, kStride, kBackward, kPixels / 2>(d, line, pixel);
}

/// Calls body(kernel, stride) with constants, those of whole vectors and the usual kernels; with 1 and 1,
/// which serve all, for the rest.
template <class T, class D, class Body>
HWY_INLINE void with_constants(D, Index kernel, Index stride, const Body& body) {
  using One = std::integral_constant<std::size_t, 1>;
  using Two = std::integral_constant<std::size_t, 2>;
  using Three = std::integral_constant<std::size_t, 3>;
  using Five = std::integral_constant<std::size_t, 5>;
  if constexpr (std::is_same_v<D, hn::ScalableTag<T>>) {
    if (kernel == 3 && stride == 1) return body(Three{}, One{});
    if (kernel == 5 && stride == 1) return body(Five{}, One{});
    if (kernel == 3 && stride == 2) return body(Three{}, Two{});
    if (kernel == 5 && stride == 2) return body(Five{}, Two{});
  }
  body(One{}, One{});
}

/// A function of its own, so that the compiler gives registers to one kernel at a time, and by value, so that
/// it knows that no store changes a size.
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
      add_pixels<kTaps, kStride, false, 8>(d, line, 0);
      line.from += taps.stride * sizes.padded_row;
      line.to += sizes.output_row;
    }
  }
}

/// A padded row gets what output row `y` adds to it with row of taps `i`, and `rows` − 1 more do, each
/// output_step rows further up and tap_step taps further down.
struct PaddedRow {
  Index y;
  Index i;
  Index rows;
};

/// Calls body with every padded row once. The output rows from `first_y` on, output_step apart, and the rows
/// of taps from `first_i` on, tap_step apart, meet in the same ones: in the m-th, pairs of indices that sum
/// to m.
template <class Body>
HWY_INLINE void for_each_padded_row(const Sizes& sizes, const Taps& taps, const Body& body) {
  for (Index first_y = 0; first_y < std::min(taps.output_step, sizes.height); ++first_y) {
    for (Index first_i = 0; first_i < std::min(taps.tap_step, taps.kernel); ++first_i) {
      const Index last_output = (sizes.height - 1 - first_y) / taps.output_step;
      const Index last_tap = (taps.kernel - 1 - first_i) / taps.tap_step;
      for (Index m = 0; m <= last_output + last_tap; ++m) {
        const Index tap = std::max<Index>(0, m - last_output);
        body(PaddedRow{first_y + (m - tap) * taps.output_step, first_i + tap * taps.tap_step,
                       std::min(last_tap, m) - tap + 1});
      }
    }
  }
}

template <std::size_t kTaps, std::size_t kStride, class D, class T>
HWY_NOINLINE void backward_channels(D d, Sizes sizes, Taps taps, const T* gradient, const T* filters,
                                    T* padded_gradient) {
  constexpr std::size_t kPixels = kStride == 2 || (kTaps == 5 && !kManyRegisters) ? 4 : 8;
  for (Index x = 0; x < std::min(taps.output_step, sizes.width); ++x) {
    const Line<T> line{
        .from = gradient + x * sizes.channels,
        .from_step = taps.output_step * sizes.channels,
        .from_row_step = -taps.output_step * sizes.output_row,
        .filters = filters,
        .filter_row_step = taps.tap_step * taps.kernel * sizes.channels,
        .rows = 0,
        .taps = taps.kernel,
        .channels = sizes.channels,
        .to = padded_gradient + taps.margin * sizes.padded_row +
              (taps.margin + x * taps.stride) * sizes.channels,
        .to_step = taps.dilation * sizes.channels,
        .stride = taps.tap_step,
        .pixels = rounded_up_quotient(sizes.width - x, taps.output_step),
    };
    for_each_padded_row(sizes, taps, [&](const PaddedRow& row) HWY_ATTR {
      Line<T> of_row = line;
      of_row.from += row.y * sizes.output_row;
      of_row.filters += row.i * taps.kernel * sizes.channels;
      of_row.rows = row.rows;
      of_row.to += (row.y * taps.stride + row.i * taps.dilation) * sizes.padded_row;
      add_pixels<kTaps, kStride, true, kPixels>(d, of_row, 0);
    });
  }
}

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
HWY_INLINE void convolve(const T* padded, const Sizes& sizes, const Window& window, const T* filters,
                         T* output) {
  const Taps taps(window);
  for_each_vector<T>(std::size_t(sizes.channels), [&](auto d, std::size_t c) HWY_ATTR {
    with_constants<T>(d, taps.kernel, taps.tap_step, [&](auto count, auto stride) HWY_ATTR {
      convolve_channels<count(), stride()>(d, sizes, taps, padded + c, filters + c, output + c);
    });
  });
}

template <class T>
HWY_INLINE void backward_input(const T* gradient, const Sizes& sizes, const Window& window, const T* filters,
                               T* padded_gradient) {
  const Taps taps(window);
  for_each_vector<T>(std::size_t(sizes.channels), [&](auto d, std::size_t c) HWY_ATTR {
    with_constants<T>(d, taps.kernel, taps.tap_step, [&](auto count, auto stride) HWY_ATTR {
      backward_channels<count(), stride()>(d, sizes, taps, gradient + c, filters + c, padded_gradient + c);
    });
  });
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

Sizes sizes_of(const ImageShape& padded, std::size_t height, std::size_t width) {
  return {Index(padded.channels), Index(padded.width * padded.channels), Index(width * padded.channels),
          Index(height), Index(width)};
}

void convolve_float(const float* padded, const ImageShape& shape, const Window& window, const float* filters,
                    std::size_t height, std::size_t width, float* output) {
  convolve(padded, sizes_of(shape, height, width), window, filters, output);
}
void backward_input_float(const float* gradient, const ImageShape& shape, const Window& window,
                          const float* filters, std::size_t height, std::size_t width,
                          float* padded_gradient) {
  backward_input(gradient, sizes_of(shape, height, width), window, filters, padded_gradient);
}
void backward_filters_float(const float* padded, const ImageShape& shape, const Window& window,
                            const float* gradient, std::size_t height, std::size_t width,
                            float* filters_gradient) {
  backward_filters(padded, sizes_of(shape, height, width), window, gradient, filters_gradient);
}

void convolve_double(const double* padded, const ImageShape& shape, const Window& window,
                     const double* filters, std::size_t height, std::size_t width, double* output) {
  convolve(padded, sizes_of(shape, height, width), window, filters, output);
}
void backward_input_double(const double* gradient, const ImageShape& shape, const Window& window,
                           const double* filters, std::size_t height, std::size_t width,
                           double* padded_gradient) {
  backward_input(gradient, sizes_of(shape, height, width), window, filters, padded_gradient);
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

HWY_EXPORT(convolve_float);
HWY_EXPORT(backward_input_float);
HWY_EXPORT(backward_filters_float);
HWY_EXPORT(convolve_double);
HWY_EXPORT(backward_input_double);
HWY_EXPORT(backward_filters_double);

void depthwise(const float* padded, const ImageShape& padded_shape, const Window& window,
               const float* filters, std::size_t output_height, std::size_t output_width, float* output) {
  HWY_DYNAMIC_DISPATCH(convolve_float)
  (padded, padded_shape, window, filters, output_height, output_width, output);
}

void depthwise_backward_input(const float* gradient, const ImageShape& padded_shape, const Window& window,
                              const float* filters, std::size_t output_height, std::size_t output_width,
                              float* padded_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_input_float)
  (gradient, padded_shape, window, filters, output_height, output_width, padded_gradient);
}

void depthwise_backward_filters(const float* padded, const ImageShape& padded_shape, const Window& window,
                                const float* gradient, std::size_t output_height, std::size_t output_width,
                                float* filters_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_filters_float)
  (padded, padded_shape, window, gradient, output_height, output_width, filters_gradient);
}

void depthwise(const double* padded, const ImageShape& padded_shape, const Window& window,
               const double* filters, std::size_t output_height, std::size_t output_width, double* output) {
  HWY_DYNAMIC_DISPATCH(convolve_double)
  (padded, padded_shape, window, filters, output_height, output_width, output);
}

void depthwise_backward_input(const double* gradient, const ImageShape& padded_shape, const Window& window,
                              const double* filters, std::size_t output_height, std::size_t output_width,
                              double* padded_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_input_double)
  (gradient, padded_shape, window, filters, output_height, output_width, padded_gradient);
}

void depthwise_backward_filters(const double* padded, const ImageShape& padded_shape, const Window& window,
                                const double* gradient, std::size_t output_height, std::size_t output_width,
                                double* filters_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_filters_double)
  (padded, padded_shape, window, gradient, output_height, output_width, filters_gradient);
}

}  // namespace espalier::kernels
#endif
