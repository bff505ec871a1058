#include "kernels/winograd.h"

#include <algorithm>
#include <span>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/winograd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/winograd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// Aᵀ.
struct ToOutput {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D, const V (&t)[4], V (&to)[2]) const {
    to[0] = hn::Add(t[0], hn::Add(t[1], t[2]));
    to[1] = hn::Sub(t[1], hn::Add(t[2], t[3]));
  }
};

/// Aᵀ·t·A for each tile of a strip. `tiles` begin at the first channel of this output.
template <class T>
HWY_INLINE void transform_output(const T* tiles, const WinogradShape& shape, const Strip& strip,
                                 const WinogradOutput<T>& output, bool accumulate) {
  for_each_tile(shape, strip, [&](std::size_t t, std::size_t image, std::size_t y, std::size_t x) HWY_ATTR {
    const std::size_t rows = std::min<std::size_t>(2, shape.height - y);
    const std::size_t columns = std::min<std::size_t>(2, shape.width - x);
    const T* from = tiles + t * tile_numbers(shape.outputs);
    T* to = output.images.pixel(image, y, x, output.channels);
    for_each_vector<T>(output.channels, [&](auto d, std::size_t c) HWY_ATTR {
      Places<decltype(d), 4> places;
      load_places(d, from + c, shape.outputs, places);
      const auto sums = transform_both<2>(d, places, ToOutput());
      const auto store = [&](hn::Vec<decltype(d)> sum, T* at) HWY_ATTR {
        hn::StoreU(accumulate ? hn::Add(hn::LoadU(d, at), sum) : sum, d, at);
      };
      store(sums.at[0][0], to + c);
      if (columns == 2) store(sums.at[0][1], to + output.channels + c);
      if (rows == 1) return;
      T* below = to + output.images.row + c;
      store(sums.at[1][0], below);
      if (columns == 2) store(sums.at[1][1], below + output.channels);
    });
  });
}

template <class T>
HWY_INLINE void convolve(const Images<const T>& padded, const WinogradShape& shape, const T* transformed,
                         T* scratch, std::span<const WinogradOutput<T>> outputs, bool accumulate) {
  const T* inputs = scratch;
  T* products = scratch + strip_tiles(shape) * tile_numbers(shape.inputs);
  for_each_strip(shape, [&](const Strip& strip) HWY_ATTR {
    transform_input(padded, shape, strip, scratch);
    for (std::size_t place = 0; place < kPlaces; ++place)
      multiply<T>(tiles_at(inputs, strip.count, shape.inputs, place), filters_at(transformed, shape, place),
                  false, tiles_at(products, strip.count, shape.outputs, place));
    const T* of_output = products;
    for (const WinogradOutput<T>& output : outputs) {
      transform_output(of_output, shape, strip, output, accumulate);
      of_output += output.channels;
    }
  });
}

void convolve_float(const Images<const float>& padded, const WinogradShape& shape, const float* transformed,
                    float* scratch, std::span<const WinogradOutput<float>> outputs, bool accumulate) {
  convolve(padded, shape, transformed, scratch, outputs, accumulate);
}
void convolve_double(const Images<const double>& padded, const WinogradShape& shape,
                     const double* transformed, double* scratch,
                     std::span<const WinogradOutput<double>> outputs, bool accumulate) {
  convolve(padded, shape, transformed, scratch, outputs, accumulate);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(convolve_float);
HWY_EXPORT(convolve_double);

std::size_t winograd_scratch(const WinogradShape& shape) { return HWY_NAMESPACE::scratch_numbers(shape); }

void winograd(const Images<const float>& padded, const WinogradShape& shape, const float* transformed,
              float* scratch, std::span<const WinogradOutput<float>> outputs, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(convolve_float)(padded, shape, transformed, scratch, outputs, accumulate);
}
void winograd(const Images<const double>& padded, const WinogradShape& shape, const double* transformed,
              double* scratch, std::span<const WinogradOutput<double>> outputs, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(convolve_double)(padded, shape, transformed, scratch, outputs, accumulate);
}

}  // namespace espalier::kernels
#endif
