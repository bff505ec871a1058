#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "kernels/affine_sum.h"
#include "tensors/pixels.h"

namespace espalier {

/// Computes offset + Σ scale·x over some tensors x, by channel, on ATen's threads.
template <class T>
class AffinePixels {
 public:
  explicit AffinePixels(std::size_t channels) : offset_(channels) {}

  /// Adds a tensor, and returns its scale, which the caller must fill.
  std::vector<T>& add(const kernels::Pixels<T>& x) {
    values_.push_back(x);
    return scales_.emplace_back(offset_.size());
  }
  std::vector<T>& offset() { return offset_; }

  /// Writes the sum to `to`, which may be one of the first kernels::kTermsTogether tensors.
  void write(const at::Tensor& to) const {
    const auto output = pixels_of<T>(to);
    auto* const sum = to.data_ptr<T>();
    PixelChunks(output.pixels, output.channels)
        .for_each([&](std::size_t, std::size_t begin, std::size_t end) {
          std::vector<kernels::AffineTerm<T>> terms;
          for (std::size_t t = 0; t < values_.size(); ++t)
            terms.push_back(
                {values_[t].values + begin * values_[t].stride, values_[t].stride, scales_[t].data()});
          kernels::affine_sum(terms, offset_.data(), end - begin, output.channels,
                              sum + begin * output.stride, output.stride);
        });
  }

 private:
  std::vector<kernels::Pixels<T>> values_;
  std::vector<std::vector<T>> scales_;
  std::vector<T> offset_;
};

}  // namespace espalier
