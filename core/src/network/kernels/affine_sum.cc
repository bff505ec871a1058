#include "affine_sum.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "affine_sum.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "channels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

template <class T>
HWY_INLINE void add_terms(std::span<const AffineTerm<T>> terms, const T* HWY_RESTRICT offset,
                          std::size_t pixels, std::size_t channels, T* sum, std::size_t sum_stride) {
  for_each_vector<T>(channels, [&](auto d, std::size_t c) HWY_ATTR {
    const auto bias = hn::LoadU(d, offset + c);
    std::size_t p = 0;
    // All of a block's terms are read before it is written: the sum may be one of them.
    for (; p + 4 <= pixels; p += 4) {
      auto s0 = bias;
      auto s1 = bias;
      auto s2 = bias;
      auto s3 = bias;
      for (const AffineTerm<T>& term : terms) {
        const auto scale = hn::LoadU(d, term.scale + c);
        const T* x = term.values + p * term.pixel_stride + c;
        s0 = hn::MulAdd(scale, hn::LoadU(d, x), s0);
        s1 = hn::MulAdd(scale, hn::LoadU(d, x + term.pixel_stride), s1);
        s2 = hn::MulAdd(scale, hn::LoadU(d, x + 2 * term.pixel_stride), s2);
        s3 = hn::MulAdd(scale, hn::LoadU(d, x + 3 * term.pixel_stride), s3);
      }
      T* to = sum + p * sum_stride + c;
      hn::StoreU(s0, d, to);
      hn::StoreU(s1, d, to + sum_stride);
      hn::StoreU(s2, d, to + 2 * sum_stride);
      hn::StoreU(s3, d, to + 3 * sum_stride);
    }
    for (; p < pixels; ++p) {
      auto s = bias;
      for (const AffineTerm<T>& term : terms)
        s = hn::MulAdd(hn::LoadU(d, term.scale + c), hn::LoadU(d, term.values + p * term.pixel_stride + c),
                       s);
      hn::StoreU(s, d, sum + p * sum_stride + c);
    }
  });
}

void affine_sum_float(std::span<const AffineTerm<float>> terms, const float* offset, std::size_t pixels,
                      std::size_t channels, float* sum, std::size_t sum_stride) {
  add_terms<float>(terms, offset, pixels, channels, sum, sum_stride);
}

void affine_sum_double(std::span<const AffineTerm<double>> terms, const double* offset, std::size_t pixels,
                       std::size_t channels, double* sum, std::size_t sum_stride) {
  add_terms<double>(terms, offset, pixels, channels, sum, sum_stride);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(affine_sum_float);
HWY_EXPORT(affine_sum_double);

void affine_sum(std::span<const AffineTerm<float>> terms, const float* offset, std::size_t pixels,
                std::size_t channels, float* sum, std::size_t sum_stride) {
  HWY_DYNAMIC_DISPATCH(affine_sum_float)(terms, offset, pixels, channels, sum, sum_stride);
}

void affine_sum(std::span<const AffineTerm<double>> terms, const double* offset, std::size_t pixels,
                std::size_t channels, double* sum, std::size_t sum_stride) {
  HWY_DYNAMIC_DISPATCH(affine_sum_double)(terms, offset, pixels, channels, sum, sum_stride);
}

}  // namespace espalier::kernels
#endif
