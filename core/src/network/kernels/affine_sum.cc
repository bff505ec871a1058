#include "kernels/affine_sum.h"

#include <algorithm>
#include <array>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/affine_sum.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/channels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// Whether pixels follow one another without gaps. If they are also made of whole vectors, they are one long
/// row.
template <class T>
HWY_INLINE bool is_dense(std::span<const AffineTerm<T>> terms, std::size_t channels, std::size_t sum_stride) {
  return sum_stride == channels && std::all_of(terms.begin(), terms.end(), [&](const AffineTerm<T>& term) {
           return term.pixel_stride == channels;
         });
}

/// Four vectors of a row at a time, in the order of the memory. Without an offset the terms are added to the
/// sum.
template <class T>
HWY_INLINE void add_row(std::span<const AffineTerm<T>> terms, const T* offset, std::size_t pixels,
                        std::size_t channels, T* sum) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t count = pixels * channels;
  // The channel of the next vector. A pixel has whole vectors, so that a comparison does for a division.
  const auto after = [&](std::size_t c) { return c + lanes == channels ? 0 : c + lanes; };
  std::size_t i = 0;
  std::size_t c = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) {
    const std::size_t c1 = after(c);
    const std::size_t c2 = after(c1);
    const std::size_t c3 = after(c2);
    T* to = sum + i;
    auto s0 = hn::LoadU(d, offset != nullptr ? offset + c : to);
    auto s1 = hn::LoadU(d, offset != nullptr ? offset + c1 : to + lanes);
    auto s2 = hn::LoadU(d, offset != nullptr ? offset + c2 : to + 2 * lanes);
    auto s3 = hn::LoadU(d, offset != nullptr ? offset + c3 : to + 3 * lanes);
    for (const AffineTerm<T>& term : terms) {
      const T* x = term.values + i;
      for (std::size_t v = 0; v < 4; ++v) prefetch_ahead(x + v * lanes);
      s0 = hn::MulAdd(hn::LoadU(d, term.scale + c), hn::LoadU(d, x), s0);
      s1 = hn::MulAdd(hn::LoadU(d, term.scale + c1), hn::LoadU(d, x + lanes), s1);
      s2 = hn::MulAdd(hn::LoadU(d, term.scale + c2), hn::LoadU(d, x + 2 * lanes), s2);
      s3 = hn::MulAdd(hn::LoadU(d, term.scale + c3), hn::LoadU(d, x + 3 * lanes), s3);
    }
    hn::StoreU(s0, d, to);
    hn::StoreU(s1, d, to + lanes);
    hn::StoreU(s2, d, to + 2 * lanes);
    hn::StoreU(s3, d, to + 3 * lanes);
    c = after(c3);
  }
  for (; i < count; i += lanes, c = after(c)) {
    auto s = hn::LoadU(d, offset != nullptr ? offset + c : sum + i);
    for (const AffineTerm<T>& term : terms)
      s = hn::MulAdd(hn::LoadU(d, term.scale + c), hn::LoadU(d, term.values + i), s);
    hn::StoreU(s, d, sum + i);
  }
}

/// The same for any stride and any number of channels; the scales of a vector of channels stay in registers.
template <std::size_t kTerms, class T>
HWY_INLINE void add_pixels_of(std::span<const AffineTerm<T>> terms, const T* offset, std::size_t pixels,
                              std::size_t channels, T* sum, std::size_t sum_stride) {
  for_each_vector<T>(channels, [&](auto d, std::size_t c) HWY_ATTR {
    hn::Vec<decltype(d)> scale[kTermsTogether];
    const T* values[kTermsTogether];
    std::size_t stride[kTermsTogether];
    for (std::size_t t = 0; t < kTerms; ++t) {
      scale[t] = hn::LoadU(d, terms[t].scale + c);
      values[t] = terms[t].values + c;
      stride[t] = terms[t].pixel_stride;
    }
    const auto first = offset != nullptr ? hn::LoadU(d, offset + c) : hn::Zero(d);
    T* to = sum + c;
    for (std::size_t p = 0; p < pixels; ++p, to += sum_stride) {
      auto s = offset != nullptr ? first : hn::LoadU(d, to);
      for (std::size_t t = 0; t < kTerms; ++t) {
        const T* x = values[t] + p * stride[t];
        prefetch_ahead(x);
        s = hn::MulAdd(scale[t], hn::LoadU(d, x), s);
      }
      hn::StoreU(s, d, to);
    }
  });
}

template <class T>
HWY_INLINE void add_pixels(std::span<const AffineTerm<T>> terms, const T* offset, std::size_t pixels,
                           std::size_t channels, T* sum, std::size_t sum_stride) {
  static_assert(kTermsTogether == 4);
  switch (terms.size()) {
    case 1:
      return add_pixels_of<1>(terms, offset, pixels, channels, sum, sum_stride);
    case 2:
      return add_pixels_of<2>(terms, offset, pixels, channels, sum, sum_stride);
    case 3:
      return add_pixels_of<3>(terms, offset, pixels, channels, sum, sum_stride);
    default:
      return add_pixels_of<4>(terms, offset, pixels, channels, sum, sum_stride);
  }
}

/// A tile of the sum stays in cache while the terms are added, a few at a time. Many tensors that are read
/// side by side would evict one another from the cache, as all are at the same offset within their pages.
template <class T>
HWY_INLINE void add_terms(std::span<const AffineTerm<T>> terms, const T* offset, std::size_t pixels,
                          std::size_t channels, T* sum, std::size_t sum_stride) {
  constexpr std::size_t tile_numbers = (std::size_t{16} << 10) / sizeof(T);
  const std::size_t tile = std::max<std::size_t>(4, tile_numbers / channels);
  const bool row = channels % hn::Lanes(hn::ScalableTag<T>()) == 0 && is_dense(terms, channels, sum_stride);
  std::array<AffineTerm<T>, kTermsTogether> some{};
  for (std::size_t begin = 0; begin < pixels; begin += tile) {
    const std::size_t count = std::min(tile, pixels - begin);
    for (std::size_t first = 0; first < terms.size(); first += kTermsTogether) {
      const std::size_t together = std::min(kTermsTogether, terms.size() - first);
      for (std::size_t t = 0; t < together; ++t) {
        some[t] = terms[first + t];
        some[t].values += begin * some[t].pixel_stride;
      }
      const std::span<const AffineTerm<T>> group(some.data(), together);
      const T* from = first == 0 ? offset : nullptr;
      if (row)
        add_row(group, from, count, channels, sum + begin * sum_stride);
      else
        add_pixels(group, from, count, channels, sum + begin * sum_stride, sum_stride);
    }
  }
}

/// The same with whole vectors, where pixels lie side by side: the scales of such pixels repeat.
template <class T>
HWY_INLINE void add_wide(std::span<const AffineTerm<T>> terms, const T* offset, std::size_t pixels,
                         std::size_t channels, T* sum, std::size_t sum_stride) {
  if (terms.empty()) {
    for (std::size_t p = 0; p < pixels; ++p) std::copy_n(offset, channels, sum + p * sum_stride);
    return;
  }
  const std::size_t together = pixels_together<T>(channels);
  if (together == 1 || pixels < kWorthwhile * together || !is_dense(terms, channels, sum_stride))
    return add_terms(terms, offset, pixels, channels, sum, sum_stride);
  const std::size_t wide = together * channels;
  std::vector<T> repeated;
  const auto repeat = [&](const T* numbers) {
    for (std::size_t i = 0; i < together; ++i) repeated.insert(repeated.end(), numbers, numbers + channels);
  };
  repeat(offset);
  for (const AffineTerm<T>& term : terms) repeat(term.scale);
  std::vector<AffineTerm<T>> wide_terms;
  for (const AffineTerm<T>& term : terms)
    wide_terms.push_back({term.values, wide, repeated.data() + (wide_terms.size() + 1) * wide});
  add_terms<T>(wide_terms, repeated.data(), pixels / together, wide, sum, wide);

  const std::size_t done = pixels / together * wide;
  std::vector<AffineTerm<T>> rest(terms.begin(), terms.end());
  for (AffineTerm<T>& term : rest) term.values += done;
  add_terms<T>(rest, offset, pixels % together, channels, sum + done, channels);
}

void affine_sum_float(std::span<const AffineTerm<float>> terms, const float* offset, std::size_t pixels,
                      std::size_t channels, float* sum, std::size_t sum_stride) {
  add_wide<float>(terms, offset, pixels, channels, sum, sum_stride);
}

void affine_sum_double(std::span<const AffineTerm<double>> terms, const double* offset, std::size_t pixels,
                       std::size_t channels, double* sum, std::size_t sum_stride) {
  add_wide<double>(terms, offset, pixels, channels, sum, sum_stride);
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
