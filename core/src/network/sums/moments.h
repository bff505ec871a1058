#pragma once

#include <cstddef>
#include <vector>

#include "kernels/channel_sums.h"

namespace espalier {

/// The moments of each channel over all pixels of a batch.
struct Moments {
  std::vector<double> mean;
  std::vector<double> squares;  ///< Σ (x − mean)²
};

/// The moments of a batch that is computed part by part, on any threads. The moments of the parts are merged
/// in the order of the parts, so that they do not depend on the threads (Chan, Golub and LeVeque, "Updating
/// Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
class MomentsOfParts {
 public:
  MomentsOfParts() = default;
  MomentsOfParts(std::size_t parts, std::size_t channels)
      : channels_(channels), numbers_(2 * parts * channels) {}

  bool empty() const { return numbers_.empty(); }
  template <class T>
  void take(std::size_t part, const kernels::Pixels<T>& x) {
    double* const mean = numbers_.data() + 2 * part * channels_;
    kernels::moments(x, mean, mean + channels_);
  }
  /// Every part has `size` pixels, except that the last has what remains of `pixels`.
  Moments merge(std::size_t size, std::size_t pixels) const;

 private:
  std::size_t channels_ = 0;
  std::vector<double> numbers_;  ///< by part: the means, then the squares, of all channels
};

/// The moments of all pixels, on ATen's threads; the same on any number of them.
template <class T>
Moments batch_moments(const kernels::Pixels<T>& x);

}  // namespace espalier
