#include "kernels/copy_pixels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/copy_pixels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/channels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

template <class T>
HWY_INLINE void copy(const Pixels<T>& from, T* to, std::size_t to_stride) {
  const T* x = from.values;
  for (std::size_t p = 0; p < from.pixels; ++p, x += from.stride, to += to_stride)
    for_each_vector<T>(from.channels,
                       [&](auto d, std::size_t c) HWY_ATTR { hn::StoreU(hn::LoadU(d, x + c), d, to + c); });
}

/// A pixel is a matrix of groups that is transposed. With four rows or four columns, the usual number of
/// groups and its way back, that is one instruction of Highway's for a vector of each.
template <class T>
HWY_INLINE void shuffle(const Pixels<T>& from, std::size_t groups, T* to) {
  const std::size_t size = from.channels / groups;
  if (groups == 4) {
    for_each_vector<T>(size, [&](auto d, std::size_t c) HWY_ATTR {
      for (std::size_t p = 0; p < from.pixels; ++p) {
        const T* x = from.values + p * from.stride + c;
        hn::StoreInterleaved4(hn::LoadU(d, x), hn::LoadU(d, x + size), hn::LoadU(d, x + 2 * size),
                              hn::LoadU(d, x + 3 * size), d, to + p * from.channels + 4 * c);
      }
    });
  } else if (size == 4) {
    for_each_vector<T>(groups, [&](auto d, std::size_t g) HWY_ATTR {
      for (std::size_t p = 0; p < from.pixels; ++p) {
        hn::Vec<decltype(d)> rows[4];
        hn::LoadInterleaved4(d, from.values + p * from.stride + 4 * g, rows[0], rows[1], rows[2], rows[3]);
        for (std::size_t c = 0; c < 4; ++c) hn::StoreU(rows[c], d, to + p * from.channels + c * groups + g);
      }
    });
  } else {
    for (std::size_t p = 0; p < from.pixels; ++p)
      for (std::size_t g = 0; g < groups; ++g)
        for (std::size_t c = 0; c < size; ++c)
          to[p * from.channels + c * groups + g] = from.values[p * from.stride + g * size + c];
  }
}

void copy_float(const Pixels<float>& from, float* to, std::size_t to_stride) { copy(from, to, to_stride); }
void copy_double(const Pixels<double>& from, double* to, std::size_t to_stride) { copy(from, to, to_stride); }
void shuffle_float(const Pixels<float>& from, std::size_t groups, float* to) { shuffle(from, groups, to); }
void shuffle_double(const Pixels<double>& from, std::size_t groups, double* to) { shuffle(from, groups, to); }

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(copy_float);
HWY_EXPORT(copy_double);
HWY_EXPORT(shuffle_float);
HWY_EXPORT(shuffle_double);

void copy_pixels(const Pixels<float>& from, float* to, std::size_t to_stride) {
  HWY_DYNAMIC_DISPATCH(copy_float)(from, to, to_stride);
}
void copy_pixels(const Pixels<double>& from, double* to, std::size_t to_stride) {
  HWY_DYNAMIC_DISPATCH(copy_double)(from, to, to_stride);
}
void shuffle_pixels(const Pixels<float>& from, std::size_t groups, float* to) {
  HWY_DYNAMIC_DISPATCH(shuffle_float)(from, groups, to);
}
void shuffle_pixels(const Pixels<double>& from, std::size_t groups, double* to) {
  HWY_DYNAMIC_DISPATCH(shuffle_double)(from, groups, to);
}

}  // namespace espalier::kernels
#endif
