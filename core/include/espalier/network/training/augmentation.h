#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "espalier/config/config.h"
#include "espalier/data/dataset.h"
#include "espalier/layers/shape.h"
#include "espalier/network/training/trivial_augment.h"
#include "espalier/plugin/export.h"
#include "espalier/random/random.h"

namespace espalier {

/// How training images are varied: a random crop of the padded image, a horizontal flip of every other image
/// on average, and a square that is cut out (DeVries & Taylor 2017), as in DARTS; before them an operation of
/// TrivialAugment, where that is asked for.
struct Augmentation {
  int crop_padding = 4;  ///< black pixels on each side
  bool flip = true;
  int cutout = 0;  ///< side of the square; its center is uniform, and the borders clip it
  /// Whether an operation of TrivialAugment changes each image before all of these.
  bool trivial_augment = false;
  double largest_rotation = TrivialAugment::kPublishedRotation;  ///< of trivial_augment, in degrees

  /// Reads the options crop_padding, flip and cutout.
  static ESPALIER_EXPORT Augmentation from(const Config& config, const Augmentation& defaults);
  static constexpr Augmentation none() { return {.crop_padding = 0, .flip = false, .cutout = 0}; }
  /// The same for images that may not be mirrored: no flips, and no rotation beyond
  /// TrivialAugment::kCarefulRotation.
  Augmentation without_mirroring() const {
    Augmentation careful = *this;
    careful.flip = false;
    careful.largest_rotation = std::min(largest_rotation, TrivialAugment::kCarefulRotation);
    return careful;
  }
  friend bool operator==(const Augmentation&, const Augmentation&) = default;
};

/// The stream that one image's augmentation is drawn from. It does not depend on the batch of the image.
ESPALIER_EXPORT Rng augmentation_rng(std::uint64_t seed, std::uint64_t epoch, std::size_t index);

/// Writes images as a network reads them: augmented and normalized.
class ESPALIER_EXPORT ImageWriter {
 public:
  /// Throws UsageError for a negative augmentation, and Error for a normalization of another number of
  /// channels.
  ImageWriter(const Shape& shape, const Normalization& normalization, const Augmentation& augmentation,
              bool channels_last);

  /// Writes shape.elements() numbers, channels last or first, as the constructor was told. A crop adds black
  /// pixels, which are (0 - mean) / standard_deviation; cut-out pixels are 0, which is the mean.
  void write(std::span<const std::uint8_t> image, Rng rng, float* output) const;

 private:
  void write_changed(std::span<const std::uint8_t> image, Rng& rng, float* output) const;

  Shape shape_;
  Augmentation augmentation_;
  std::array<std::ptrdiff_t, 3> strides_;           ///< of the output: channel, row, column
  std::vector<std::array<float, 256>> normalized_;  ///< by channel and byte
};

}  // namespace espalier
