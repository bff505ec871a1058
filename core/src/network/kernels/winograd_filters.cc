#include "kernels/winograd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/winograd_filters.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/winograd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// G.
struct FromFilter {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D d, const V (&g)[3], V (&to)[4]) const {
    const auto half = hn::Set(d, hn::TFromD<D>(0.5));
    const auto outer = hn::Mul(half, hn::Add(g[0], g[2]));
    const auto middle = hn::Mul(half, g[1]);
    to[0] = g[0];
    to[1] = hn::Add(outer, middle);
    to[2] = hn::Sub(outer, middle);
    to[3] = g[2];
  }
};

/// Gᵀ.
struct ToFilter {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D d, const V (&t)[4], V (&to)[3]) const {
    const auto half = hn::Set(d, hn::TFromD<D>(0.5));
    const auto outer = hn::Mul(half, hn::Add(t[1], t[2]));
    to[0] = hn::Add(t[0], outer);
    to[1] = hn::Mul(half, hn::Sub(t[1], t[2]));
    to[2] = hn::Add(outer, t[3]);
  }
};

/// Transforms the filter of every pair of an input and an output channel: filters [kFrom², pairs] →
/// transformed [kTo², pairs].
template <std::size_t kFrom, std::size_t kTo, class Transform, class T>
HWY_INLINE void transform_filters(const T* filters, const WinogradShape& shape, T* transformed) {
  const std::size_t pairs = shape.inputs * shape.outputs;
  for_each_vector<T>(pairs, [&](auto d, std::size_t c) HWY_ATTR {
    Places<decltype(d), kFrom> places;
    load_places(d, filters + c, pairs, places);
    store_places(d, transform_both<kTo>(d, places, Transform()), pairs, transformed + c);
  });
}

void filters_float(const float* filters, const WinogradShape& shape, float* transformed) {
  transform_filters<3, 4, FromFilter>(filters, shape, transformed);
}
void filters_double(const double* filters, const WinogradShape& shape, double* transformed) {
  transform_filters<3, 4, FromFilter>(filters, shape, transformed);
}
void filters_backward_float(const float* transformed_gradient, const WinogradShape& shape,
                            float* filters_gradient) {
  transform_filters<4, 3, ToFilter>(transformed_gradient, shape, filters_gradient);
}
void filters_backward_double(const double* transformed_gradient, const WinogradShape& shape,
                             double* filters_gradient) {
  transform_filters<4, 3, ToFilter>(transformed_gradient, shape, filters_gradient);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(filters_float);
HWY_EXPORT(filters_double);
HWY_EXPORT(filters_backward_float);
HWY_EXPORT(filters_backward_double);

void winograd_filters(const float* filters, const WinogradShape& shape, float* transformed) {
  HWY_DYNAMIC_DISPATCH(filters_float)(filters, shape, transformed);
}
void winograd_filters(const double* filters, const WinogradShape& shape, double* transformed) {
  HWY_DYNAMIC_DISPATCH(filters_double)(filters, shape, transformed);
}
void winograd_filters_backward(const float* transformed_gradient, const WinogradShape& shape,
                               float* filters_gradient) {
  HWY_DYNAMIC_DISPATCH(filters_backward_float)(transformed_gradient, shape, filters_gradient);
}
void winograd_filters_backward(const double* transformed_gradient, const WinogradShape& shape,
                               double* filters_gradient) {
  HWY_DYNAMIC_DISPATCH(filters_backward_double)(transformed_gradient, shape, filters_gradient);
}

}  // namespace espalier::kernels
#endif
