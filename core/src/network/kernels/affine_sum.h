#pragma once

#include <cstddef>
#include <span>

namespace espalier::kernels {

/// A term of a sum over [pixels, channels]: scale·values, with a scale for each channel.
template <class T>
struct AffineTerm {
  const T* values;
  std::size_t pixel_stride;  ///< numbers from one pixel to the next, at least `channels`
  const T* scale;            ///< [channels]
};

/// How many terms are read at once.
constexpr std::size_t kTermsTogether = 4;

/// sum[p][c] = offset[c] + Σ scale[c]·values[p][c]. `sum` may be the values of one of the first
/// kTermsTogether terms, with that term's stride. A weighted sum of batch norms is such a sum, and so is the
/// gradient a·g + b·x + c of a batch norm (sums/batch_norm_transform.h).
void affine_sum(std::span<const AffineTerm<float>> terms, const float* offset, std::size_t pixels,
                std::size_t channels, float* sum, std::size_t sum_stride);
void affine_sum(std::span<const AffineTerm<double>> terms, const double* offset, std::size_t pixels,
                std::size_t channels, double* sum, std::size_t sum_stride);

}  // namespace espalier::kernels
