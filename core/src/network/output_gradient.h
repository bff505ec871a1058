#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "affine_sum.h"
#include "copy_pixels.h"
#include "origin.h"
#include "pixels.h"

namespace espalier {

/// The gradient of a value that a function made, read pixel by pixel, deferred or not.
template <class T>
class OutputGradient {
 public:
  /// `gradient` is in_pixels(). Takes what was deferred.
  OutputGradient(at::Tensor gradient, DeferredGradient& deferred)
      : gradient_(std::move(gradient)), g_(pixels_of<T>(gradient_)), value_(std::move(deferred.value)) {
    if (!value_.defined()) return;
    const auto& [a, b, c] = deferred.factors;
    of_gradient_.assign(a.begin(), a.end());
    offset_.resize(g_.channels);
    if (b.empty()) return;
    of_value_.assign(b.begin(), b.end());
    offset_.assign(c.begin(), c.end());
    x_ = pixels_of<T>(value_);
  }

  /// The numbers from a pixel on, or null where they must be written.
  const T* dense(std::size_t pixel) const {
    return of_gradient_.empty() && g_.stride == g_.channels ? part(g_, pixel) : nullptr;
  }

  /// Writes those of some pixels, `stride` numbers apart.
  void write(std::size_t pixel, std::size_t count, T* to, std::size_t stride) const {
    if (of_gradient_.empty()) {
      kernels::copy_pixels<T>({part(g_, pixel), count, g_.channels, g_.stride}, to, stride);
      return;
    }
    std::array<kernels::AffineTerm<T>, 2> terms = {
        {{part(g_, pixel), g_.stride, of_gradient_.data()}, {nullptr, 0, of_value_.data()}}};
    if (!of_value_.empty()) terms[1] = {part(x_, pixel), x_.stride, of_value_.data()};
    kernels::affine_sum(std::span<const kernels::AffineTerm<T>>(terms.data(), of_value_.empty() ? 1 : 2),
                        offset_.data(), count, g_.channels, to, stride);
  }

 private:
  static const T* part(const kernels::Pixels<T>& pixels, std::size_t pixel) {
    return pixels.values + pixel * pixels.stride;
  }

  at::Tensor gradient_;
  kernels::Pixels<T> g_;
  at::Tensor value_;
  kernels::Pixels<T> x_{};
  std::vector<T> of_gradient_;  ///< by channel; empty: 1
  std::vector<T> of_value_;     ///< by channel; empty: 0
  std::vector<T> offset_;
};

}  // namespace espalier
