#include "kernels/winograd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/winograd_backward_filters.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/winograd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// A.
struct FromOutput {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D d, const V (&g)[2], V (&to)[4]) const {
    to[0] = g[0];
    to[1] = hn::Add(g[0], g[1]);
    to[2] = hn::Sub(g[0], g[1]);
    to[3] = hn::Sub(hn::Zero(d), g[1]);
  }
};

/// A·g·Aᵀ for each tile of a strip: tiles [count, 16, outputs]. Outputs that do not exist have no gradient.
template <class T>
HWY_INLINE void transform_gradient(const Images<const T>& gradient, const WinogradShape& shape,
                                   const Strip& strip, T* tiles) {
  const std::size_t channels = shape.outputs;
  for_each_tile(shape, strip, [&](std::size_t t, std::size_t image, std::size_t y, std::size_t x) HWY_ATTR {
    const bool right = x + 1 < shape.width;
    const bool below = y + 1 < shape.height;
    const T* from = gradient.pixel(image, y, x, channels);
    const T* from_below = from + gradient.row;
    T* to = tiles + t * tile_numbers(channels);
    for_each_vector<T>(channels, [&](auto d, std::size_t c) HWY_ATTR {
      const auto zero = hn::Zero(d);
      Places<decltype(d), 2> places;
      places.at[0][0] = hn::LoadU(d, from + c);
      places.at[0][1] = right ? hn::LoadU(d, from + channels + c) : zero;
      places.at[1][0] = below ? hn::LoadU(d, from_below + c) : zero;
      places.at[1][1] = right && below ? hn::LoadU(d, from_below + channels + c) : zero;
      store_places(d, transform_both<4>(d, places, FromOutput()), channels, to + c);
    });
  });
}

template <class T>
HWY_INLINE void add_filters_gradient(const Images<const T>& padded, const WinogradShape& shape,
                                     const Images<const T>& gradient, T* scratch, bool accumulate,
                                     T* transformed_gradient) {
  const T* inputs = scratch;
  T* outputs = scratch + strip_tiles(shape) * tile_numbers(shape.inputs);
  for_each_strip(shape, [&](const Strip& strip) HWY_ATTR {
    transform_input(padded, shape, strip, scratch);
    transform_gradient(gradient, shape, strip, outputs);
    for (std::size_t place = 0; place < kPlaces; ++place)
      multiply_transposed<T>(tiles_at(inputs, strip.count, shape.inputs, place),
                             tiles_at<const T>(outputs, strip.count, shape.outputs, place),
                             accumulate || strip.first > 0, filters_at(transformed_gradient, shape, place));
  });
}

void backward_filters_float(const Images<const float>& padded, const WinogradShape& shape,
                            const Images<const float>& gradient, float* scratch, bool accumulate,
                            float* transformed_gradient) {
  add_filters_gradient(padded, shape, gradient, scratch, accumulate, transformed_gradient);
}
void backward_filters_double(const Images<const double>& padded, const WinogradShape& shape,
                             const Images<const double>& gradient, double* scratch, bool accumulate,
                             double* transformed_gradient) {
  add_filters_gradient(padded, shape, gradient, scratch, accumulate, transformed_gradient);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(backward_filters_float);
HWY_EXPORT(backward_filters_double);

void winograd_backward_filters(const Images<const float>& padded, const WinogradShape& shape,
                               const Images<const float>& gradient, float* scratch, bool accumulate,
                               float* transformed_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_filters_float)
  (padded, shape, gradient, scratch, accumulate, transformed_gradient);
}
void winograd_backward_filters(const Images<const double>& padded, const WinogradShape& shape,
                               const Images<const double>& gradient, double* scratch, bool accumulate,
                               double* transformed_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_filters_double)
  (padded, shape, gradient, scratch, accumulate, transformed_gradient);
}

}  // namespace espalier::kernels
#endif
