#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "espalier/data/dataset.h"
#include "espalier/layers/shape.h"
#include "espalier/plugin/export.h"
#include "espalier/random/random.h"

namespace espalier {

/// How a training image varies: a random crop of the padded image, a horizontal flip in half of all
/// cases, and a cut-out square (DeVries & Taylor 2017) as in DARTS.
struct Augmentation {
  int crop_padding = 4;  ///< black pixels on each side
  bool flip = true;
  int cutout = 0;  ///< side of the square; its centre is uniform, the borders clip it

  static constexpr Augmentation none() { return {.crop_padding = 0, .flip = false, .cutout = 0}; }
  friend bool operator==(const Augmentation&, const Augmentation&) = default;
};

/// What one image's augmentation is drawn from. It does not depend on the batch that the image is in.
ESPALIER_EXPORT Rng augmentation_rng(std::uint64_t seed, std::uint64_t epoch, std::size_t index);

/// Writes images as a network reads them: augmented and normalised.
class ESPALIER_EXPORT ImageWriter {
 public:
  /// Throws UsageError for an augmentation below zero, Error for a normalization of other channels.
  ImageWriter(const Shape& shape, const Normalization& normalization, const Augmentation& augmentation,
              bool channels_last);

  /// Writes shape.elements() numbers, channels last or first, as the constructor was told. What a crop
  /// adds is black, so (0 - mean) / standard_deviation; what is cut out is 0, which is the mean.
  void write(std::span<const std::uint8_t> image, Rng rng, float* output) const;

 private:
  Shape shape_;
  Augmentation augmentation_;
  std::array<std::ptrdiff_t, 3> strides_;           ///< of the output: channel, row, column
  std::vector<std::array<float, 256>> normalised_;  ///< by channel and byte
};

}  // namespace espalier
