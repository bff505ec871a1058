#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <utility>
#include <vector>

#include "kernels/affine_sum.h"
#include "kernels/copy_pixels.h"
#include "sums/deferred_gradient.h"
#include "tensors/pixels.h"

namespace espalier {

/// The gradient of a tensor, for the backward pass of the function that produced it: what arrived through
/// autograd plus what the readers deferred (deferred_gradient.h), summed on demand, as a whole or some pixels
/// at a time.
template <class T>
class OutputGradient {
 public:
  /// `gradient` is what arrived through autograd, undefined where everything is deferred. Leaves `deferred`
  /// empty.
  OutputGradient(const at::Tensor& gradient, DeferredGradient& deferred, std::size_t channels)
      : channels_(channels), offset_(channels) {
    if (gradient.defined()) add(in_pixels(gradient), {}, /*spare=*/false);
    for (auto& term : std::exchange(deferred.terms, {})) add(std::move(term.g), term.a, term.spare);
    if (!deferred.value.defined()) return;
    add(std::exchange(deferred.value, {}), std::exchange(deferred.b, {}), /*spare=*/false);
    const std::vector<double> c = std::exchange(deferred.c, {});
    offset_.assign(c.begin(), c.end());
  }

  /// The numbers from a pixel on, where they are in memory as they are; null where they must be computed.
  const T* dense(std::size_t pixel) const {
    return is_one() && terms_.front().pixels.stride == channels_ ? part(terms_.front().pixels, pixel)
                                                                 : nullptr;
  }

  /// Writes the numbers of `count` pixels, which are to lie `stride` numbers apart.
  void write(std::size_t pixel, std::size_t count, T* to, std::size_t stride) const {
    if (is_one()) {
      const auto& [values, all, channels, from_stride] = terms_.front().pixels;
      kernels::copy_pixels({part(terms_.front().pixels, pixel), count, channels, from_stride}, to, stride);
      return;
    }
    boost::container::small_vector<kernels::AffineTerm<T>, 8> sum;
    for (const Term& term : terms_)
      sum.push_back({part(term.pixels, pixel), term.pixels.stride, term.scale.data()});
    kernels::affine_sum(std::span<const kernels::AffineTerm<T>>(sum.data(), sum.size()), offset_.data(),
                        count, channels_, to, stride);
  }

  /// The whole gradient, in_pixels(). `like` is a tensor of the same sizes.
  at::Tensor whole(const at::Tensor& like) const {
    if (is_one()) return terms_.front().tensor;
    const at::Tensor into = memory(like);
    T* const numbers = into.data_ptr<T>();
    const auto pixels = static_cast<std::size_t>(into.numel()) / channels_;
    PixelChunks(pixels, channels_).for_each([&](std::size_t, std::size_t begin, std::size_t end) {
      write(begin, end - begin, numbers + begin * channels_, channels_);
    });
    return into;
  }

 private:
  struct Term {
    at::Tensor tensor;
    kernels::Pixels<T> pixels;
    std::vector<T> scale;  ///< by channel
    bool is_scaled;
    bool spare;
  };

  void add(at::Tensor tensor, const std::vector<double>& scale, bool spare) {
    const auto pixels = pixels_of<T>(tensor);
    Term term{std::move(tensor), pixels, std::vector<T>(channels_, T(1)), !scale.empty(), spare};
    if (term.is_scaled) term.scale.assign(scale.begin(), scale.end());
    // Spare memory first: affine_sum() can write its result only over one of its first terms.
    terms_.insert(spare ? terms_.begin() : terms_.end(), std::move(term));
  }

  /// Whether the gradient is in memory as it is.
  bool is_one() const { return terms_.size() == 1 && !terms_.front().is_scaled; }

  /// Memory for the whole gradient: that of a term that nothing else reads, or new.
  at::Tensor memory(const at::Tensor& like) const {
    const auto end =
        terms_.begin() + static_cast<std::ptrdiff_t>(std::min(terms_.size(), kernels::kTermsTogether));
    const auto spare = std::find_if(
        terms_.begin(), end, [&](const Term& term) { return term.spare && term.pixels.stride == channels_; });
    return spare != end ? spare->tensor : at::empty_like(like, at::MemoryFormat::ChannelsLast);
  }

  static const T* part(const kernels::Pixels<T>& pixels, std::size_t pixel) {
    return pixels.values + pixel * pixels.stride;
  }

  std::size_t channels_;
  std::vector<Term> terms_;
  std::vector<T> offset_;
};

}  // namespace espalier
