#include "kernels/depthwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/depthwise_backward_input.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/depthwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

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
      for_each_block<kPixels>(0, of_row.pixels, [&](auto pixels, Index first) HWY_ATTR {
        backward_block<kTaps, kStride, pixels()>(d, of_row, first);
      });
    });
  }
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

void backward_input_float(const float* gradient, const ImageShape& shape, const Window& window,
                          const float* filters, std::size_t height, std::size_t width,
                          float* padded_gradient) {
  backward_input(gradient, sizes_of(shape, height, width), window, filters, padded_gradient);
}
void backward_input_double(const double* gradient, const ImageShape& shape, const Window& window,
                           const double* filters, std::size_t height, std::size_t width,
                           double* padded_gradient) {
  backward_input(gradient, sizes_of(shape, height, width), window, filters, padded_gradient);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(backward_input_float);
HWY_EXPORT(backward_input_double);

void depthwise_backward_input(const float* gradient, const ImageShape& padded_shape, const Window& window,
                              const float* filters, std::size_t output_height, std::size_t output_width,
                              float* padded_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_input_float)
  (gradient, padded_shape, window, filters, output_height, output_width, padded_gradient);
}
void depthwise_backward_input(const double* gradient, const ImageShape& padded_shape, const Window& window,
                              const double* filters, std::size_t output_height, std::size_t output_width,
                              double* padded_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_input_double)
  (gradient, padded_shape, window, filters, output_height, output_width, padded_gradient);
}

}  // namespace espalier::kernels
#endif
