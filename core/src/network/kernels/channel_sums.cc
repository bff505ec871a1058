#include "kernels/channel_sums.h"

#include <algorithm>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/channel_sums.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/channels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// How many pixels are summed in the type of the numbers itself; these sums are then summed in double
/// precision.
constexpr std::size_t kChunk = 256;

/// Sums a chunk, lane by lane: part(p, sum) adds what pixel p gives to one of four sums, none of which has to
/// wait for another.
template <class D, class Part>
HWY_INLINE hn::Vec<D> chunk_sum(D d, std::size_t count, const Part& part) {
  auto s0 = hn::Zero(d);
  auto s1 = s0;
  auto s2 = s0;
  auto s3 = s0;
  std::size_t p = 0;
  for (; p + 4 <= count; p += 4) {
    s0 = part(p, s0);
    s1 = part(p + 1, s1);
    s2 = part(p + 2, s2);
    s3 = part(p + 3, s3);
  }
  for (; p < count; ++p) s0 = part(p, s0);
  return hn::Add(hn::Add(s0, s1), hn::Add(s2, s3));
}

template <class D>
HWY_INLINE void add_to(D d, hn::Vec<D> sum, double* to) {
  HWY_ALIGN hn::TFromD<D> lanes[hn::MaxLanes(d)];
  hn::Store(sum, d, lanes);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) to[i] += static_cast<double>(lanes[i]);
}

template <class T>
HWY_INLINE void moments_of(const Pixels<T>& x, double* mean, double* squares) {
  for_each_vector<T>(x.channels, [&](auto d, std::size_t c) HWY_ATTR {
    using D = decltype(d);
    HWY_ALIGN T lanes[hn::MaxLanes(d)];
    const std::size_t lane_count = hn::Lanes(d);
    std::size_t before = 0;
    for (std::size_t begin = 0; begin < x.pixels; begin += kChunk) {
      const std::size_t count = std::min(kChunk, x.pixels - begin);
      const T* values = x.values + begin * x.stride + c;
      const auto sum = chunk_sum(d, count, [&](std::size_t p, hn::Vec<D> s) HWY_ATTR {
        return hn::Add(s, hn::LoadU(d, values + p * x.stride));
      });
      const auto center = hn::Mul(sum, hn::Set(d, T(1) / static_cast<T>(count)));
      // The center is a rounded mean: the mean of the deviations from it corrects it.
      const auto deviation = chunk_sum(d, count, [&](std::size_t p, hn::Vec<D> s) HWY_ATTR {
        return hn::Add(s, hn::Sub(hn::LoadU(d, values + p * x.stride), center));
      });
      const auto square = chunk_sum(d, count, [&](std::size_t p, hn::Vec<D> s) HWY_ATTR {
        const auto difference = hn::Sub(hn::LoadU(d, values + p * x.stride), center);
        return hn::MulAdd(difference, difference, s);
      });
      double chunk_mean[hn::MaxLanes(d)];
      double chunk_squares[hn::MaxLanes(d)];
      hn::Store(center, d, lanes);
      for (std::size_t i = 0; i < lane_count; ++i) chunk_mean[i] = static_cast<double>(lanes[i]);
      hn::Store(deviation, d, lanes);
      for (std::size_t i = 0; i < lane_count; ++i) {
        const double off = static_cast<double>(lanes[i]) / static_cast<double>(count);
        chunk_mean[i] += off;
        chunk_squares[i] = -off * off * static_cast<double>(count);
      }
      hn::Store(square, d, lanes);
      for (std::size_t i = 0; i < lane_count; ++i) chunk_squares[i] += static_cast<double>(lanes[i]);
      kernels::merge_moments(lane_count, before, mean + c, squares + c, count, chunk_mean, chunk_squares);
      before += count;
    }
  });
}

/// The same with whole vectors, where pixels lie side by side.
template <class T>
HWY_INLINE void wide_moments_of(const Pixels<T>& x, double* mean, double* squares) {
  const std::size_t together = pixels_together<T>(x.channels);
  if (together == 1 || x.stride != x.channels || x.pixels < kWorthwhile * together)
    return moments_of(x, mean, squares);
  const std::size_t wide = together * x.channels;
  const std::size_t count = x.pixels / together;
  std::vector<double> means(wide);
  std::vector<double> deviations(wide);
  moments_of<T>({x.values, count, wide, wide}, means.data(), deviations.data());
  // Merging one group after the other would round the mean once for each. All have the same size, so the mean
  // of their distances from the first is enough.
  for (std::size_t c = 0; c < x.channels; ++c) {
    double apart = 0.0;
    double apart_squares = 0.0;
    squares[c] = 0.0;
    for (std::size_t i = c; i < wide; i += x.channels) {
      apart += means[i] - means[c];
      apart_squares += (means[i] - means[c]) * (means[i] - means[c]);
      squares[c] += deviations[i];
    }
    const double mean_apart = apart / static_cast<double>(together);
    mean[c] = means[c] + mean_apart;
    squares[c] += (apart_squares - apart * mean_apart) * static_cast<double>(count);
  }
  const std::size_t rest = x.pixels % together;
  if (rest == 0) return;
  moments_of<T>({x.values + count * wide, rest, x.channels, x.stride}, means.data(), deviations.data());
  kernels::merge_moments(x.channels, together * count, mean, squares, rest, means.data(), deviations.data());
}

/// Adds to `sums`, channel by channel, what part(d, p, c) gives for the vector of channels at c of pixel p.
/// Up to four vectors that lie beside each other are summed together, in the order of the memory.
template <class T, class Part>
HWY_INLINE void add_chunk(std::size_t begin, std::size_t count, std::size_t channels, double* sums,
                          const Part& part) {
  const hn::ScalableTag<T> whole;
  const std::size_t lanes = hn::Lanes(whole);
  std::size_t first = 0;
  for (; first + 4 * lanes <= channels; first += 4 * lanes) {
    auto s0 = hn::Zero(whole);
    auto s1 = s0;
    auto s2 = s0;
    auto s3 = s0;
    for (std::size_t p = begin; p < begin + count; ++p) {
      s0 = part(whole, p, first, s0);
      s1 = part(whole, p, first + lanes, s1);
      s2 = part(whole, p, first + 2 * lanes, s2);
      s3 = part(whole, p, first + 3 * lanes, s3);
    }
    add_to(whole, s0, sums + first);
    add_to(whole, s1, sums + first + lanes);
    add_to(whole, s2, sums + first + 2 * lanes);
    add_to(whole, s3, sums + first + 3 * lanes);
  }
  for_each_vector<T>(channels - first, [&](auto d, std::size_t c) HWY_ATTR {
    using D = decltype(d);
    const auto sum = chunk_sum(
        d, count, [&](std::size_t p, hn::Vec<D> s) HWY_ATTR { return part(d, begin + p, first + c, s); });
    add_to(d, sum, sums + first + c);
  });
}

template <class T>
HWY_INLINE void add_sums(const Pixels<T>& g, double* sums) {
  for (std::size_t begin = 0; begin < g.pixels; begin += kChunk) {
    add_chunk<T>(begin, std::min(kChunk, g.pixels - begin), g.channels, sums,
                 [&](auto d, std::size_t p, std::size_t c, auto s)
                     HWY_ATTR { return hn::Add(s, hn::LoadU(d, g.values + p * g.stride + c)); });
  }
}

template <class T>
HWY_INLINE void add_products(const Pixels<T>& g, const Pixels<T>& x, double* sums) {
  for (std::size_t begin = 0; begin < g.pixels; begin += kChunk) {
    add_chunk<T>(begin, std::min(kChunk, g.pixels - begin), g.channels, sums,
                 [&](auto d, std::size_t p, std::size_t c, auto s) HWY_ATTR {
                   return hn::MulAdd(hn::LoadU(d, g.values + p * g.stride + c),
                                     hn::LoadU(d, x.values + p * x.stride + c), s);
                 });
  }
}

/// The same with whole vectors, where pixels lie side by side.
template <class T>
HWY_INLINE void add_wide_products(const Pixels<T>& g, const Pixels<T>& x, double* sums) {
  const std::size_t together = pixels_together<T>(g.channels);
  const bool dense = g.stride == g.channels && x.stride == x.channels;
  if (together == 1 || !dense || g.pixels < kWorthwhile * together) return add_products(g, x, sums);
  const std::size_t wide = together * g.channels;
  const std::size_t count = g.pixels / together;
  std::vector<double> wide_sums(wide);
  add_products<T>({g.values, count, wide, wide}, {x.values, count, wide, wide}, wide_sums.data());
  for (std::size_t i = 0; i < wide; ++i) sums[i % g.channels] += wide_sums[i];
  const std::size_t rest = g.pixels % together;
  add_products<T>({g.values + count * wide, rest, g.channels, g.stride},
                  {x.values + count * wide, rest, x.channels, x.stride}, sums);
}

void moments_float(const Pixels<float>& x, double* mean, double* squares) {
  wide_moments_of(x, mean, squares);
}
void moments_double(const Pixels<double>& x, double* mean, double* squares) {
  wide_moments_of(x, mean, squares);
}
void sums_float(const Pixels<float>& g, double* sums) { add_sums(g, sums); }
void sums_double(const Pixels<double>& g, double* sums) { add_sums(g, sums); }
void products_float(const Pixels<float>& g, const Pixels<float>& x, double* sums) {
  add_wide_products(g, x, sums);
}
void products_double(const Pixels<double>& g, const Pixels<double>& x, double* sums) {
  add_wide_products(g, x, sums);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(moments_float);
HWY_EXPORT(moments_double);
HWY_EXPORT(sums_float);
HWY_EXPORT(sums_double);
HWY_EXPORT(products_float);
HWY_EXPORT(products_double);

void merge_moments(std::size_t channels, std::size_t before, double* mean, double* squares, std::size_t count,
                   const double* other_mean, const double* other_squares) {
  const double share = static_cast<double>(count) / static_cast<double>(before + count);
  for (std::size_t c = 0; c < channels; ++c) {
    if (before == 0) {
      mean[c] = other_mean[c];
      squares[c] = other_squares[c];
      continue;
    }
    const double apart = other_mean[c] - mean[c];
    mean[c] += apart * share;
    squares[c] += other_squares[c] + apart * apart * share * static_cast<double>(before);
  }
}

void moments(const Pixels<float>& x, double* mean, double* squares) {
  HWY_DYNAMIC_DISPATCH(moments_float)(x, mean, squares);
}
void moments(const Pixels<double>& x, double* mean, double* squares) {
  HWY_DYNAMIC_DISPATCH(moments_double)(x, mean, squares);
}
void channel_sums(const Pixels<float>& g, double* sums) { HWY_DYNAMIC_DISPATCH(sums_float)(g, sums); }
void channel_sums(const Pixels<double>& g, double* sums) { HWY_DYNAMIC_DISPATCH(sums_double)(g, sums); }
void channel_products(const Pixels<float>& g, const Pixels<float>& x, double* sums) {
  HWY_DYNAMIC_DISPATCH(products_float)(g, x, sums);
}
void channel_products(const Pixels<double>& g, const Pixels<double>& x, double* sums) {
  HWY_DYNAMIC_DISPATCH(products_double)(g, x, sums);
}

}  // namespace espalier::kernels
#endif
