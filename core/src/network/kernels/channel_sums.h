#pragma once

#include <cstddef>

namespace espalier::kernels {

/// The pixels of one image or more, [pixels, channels], with `stride` numbers from one pixel to the next.
template <class T>
struct Pixels {
  const T* values;
  std::size_t pixels;
  std::size_t channels;
  std::size_t stride;
};

/// The mean of each channel, and Σ (x − mean)². It takes two passes, over pixels that are in cache, since Σ
/// x² − n·mean² would lose digits where the mean is far from zero.
void moments(const Pixels<float>& x, double* mean, double* squares);
void moments(const Pixels<double>& x, double* mean, double* squares);

/// Merges the moments of `count` more pixels into those of `before` pixels (Chan, Golub and LeVeque,
/// "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
void merge_moments(std::size_t channels, std::size_t before, double* mean, double* squares, std::size_t count,
                   const double* other_mean, const double* other_squares);

/// sums[c] += Σ g[p][c].
void channel_sums(const Pixels<float>& g, double* sums);
void channel_sums(const Pixels<double>& g, double* sums);

/// sums[c] += Σ g[p][c]·x[p][c]; both of the same pixels and channels.
void channel_products(const Pixels<float>& g, const Pixels<float>& x, double* sums);
void channel_products(const Pixels<double>& g, const Pixels<double>& x, double* sums);

}  // namespace espalier::kernels
