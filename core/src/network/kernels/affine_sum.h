#pragma once

#include <cstddef>
#include <span>

namespace espalier::kernels {

/// One term of a sum over [pixels, channels]: scale·values, the scale one number a channel.
template <class T>
struct AffineTerm {
  const T* values;
  std::size_t pixel_stride;  ///< numbers from one pixel to the next, at least `channels`
  const T* scale;            ///< [channels]
};

/// Terms that are read at once.
constexpr std::size_t kTermsTogether = 4;

/// sum[p][c] = offset[c] + Σ scale[c]·values[p][c]. `sum` is dense, or the values of one of the first
/// kTermsTogether terms itself (then with that term's stride). A weighted sum of batch norms is such a sum,
/// and so is a batch norm's gradient a·g + b·x + c (Ioffe and Szegedy, 2015).
void affine_sum(std::span<const AffineTerm<float>> terms, const float* offset, std::size_t pixels,
                std::size_t channels, float* sum, std::size_t sum_stride);
void affine_sum(std::span<const AffineTerm<double>> terms, const double* offset, std::size_t pixels,
                std::size_t channels, double* sum, std::size_t sum_stride);

}  // namespace espalier::kernels
