// The loop over the channels of a pixel, compiled once for each instruction set: included inside
// HWY_BEFORE_NAMESPACE().
#if defined(ESPALIER_KERNELS_CHANNELS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ESPALIER_KERNELS_CHANNELS_INL_H
#undef ESPALIER_KERNELS_CHANNELS_INL_H
#else
#define ESPALIER_KERNELS_CHANNELS_INL_H
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstddef>
#include <numeric>

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Calls body(d, c) for every vector of channels that begins at channel c, `d` being its Highway tag: whole
/// vectors, then four channels, then single ones. Nothing is ever read beyond the last channel.
template <class T, class Body>
HWY_INLINE void for_each_vector(std::size_t channels, const Body& body) {
  const hn::ScalableTag<T> whole;
  const hn::CappedTag<T, 4> four;
  const hn::CappedTag<T, 1> one;
  std::size_t c = 0;
  for (; c + hn::Lanes(whole) <= channels; c += hn::Lanes(whole)) body(whole, c);
  for (; c + hn::Lanes(four) <= channels; c += hn::Lanes(four)) body(four, c);
  for (; c < channels; ++c) body(one, c);
}

/// Fetches into the cache what a walk through memory will read soon, 2 KiB ahead of `from`. The processor's
/// own prefetcher stops at the end of each page, and most tensors are not in the cache when they are read.
/// The address may lie beyond the tensor's end.
template <class T>
HWY_INLINE void prefetch_ahead(const T* from) {
  hwy::Prefetch(from + 2048 / sizeof(T));
}

/// How many pixels side by side fill whole vectors. They can be computed as one pixel of more channels, which
/// is faster where channels are few.
template <class T>
HWY_INLINE std::size_t pixels_together(std::size_t channels) {
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  return lanes / std::gcd(lanes, channels);
}

/// How many such wide pixels there must be for that to pay off.
constexpr std::size_t kWorthwhile = 8;

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
