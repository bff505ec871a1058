#pragma once

#include <cstdint>
#include <span>

#include "espalier/layers/shape.h"
#include "espalier/plugin/export.h"
#include "espalier/random/random.h"

namespace espalier {

/// The operations of TrivialAugment in its wide space (Müller & Hutter 2021), in the order of torchvision's
/// TrivialAugmentWide. None of them mirrors an image.
enum class TrivialOperation : std::uint8_t {
  identity,
  shear_x,
  shear_y,
  translate_x,
  translate_y,
  rotate,
  brightness,
  color,
  contrast,
  sharpness,
  posterize,
  solarize,
  auto_contrast,
  equalize
};

/// What one image undergoes.
struct ESPALIER_EXPORT TrivialAugment {
  static constexpr int kOperations = 14;
  static constexpr int kStrengths = 31;  ///< 0 … 30, of which each is as likely as any other
  /// The largest rotation of the paper.
  static constexpr double kPublishedRotation = 135.0;
  /// The largest rotation of images that may not be mirrored: a 6 must not become a 9.
  static constexpr double kCarefulRotation = 30.0;

  TrivialOperation operation = TrivialOperation::identity;
  /// The operation's own measure: pixels along an axis for each pixel along the other (shear), whole pixels
  /// (translate), degrees counterclockwise (rotate), the factor less 1 (brightness, color, contrast,
  /// sharpness), the bits that are kept (posterize), or the value from which on pixels are inverted
  /// (solarize).
  double magnitude = 0.0;

  /// [any-thread] The operation at a strength of 0 … 30; `negative` turns the direction of those that have
  /// one. `largest_rotation` is in degrees.
  static TrivialAugment of(TrivialOperation operation, int strength, bool negative, double largest_rotation);
  /// [any-thread] An operation, a strength and a direction, each uniformly at random.
  static TrivialAugment draw(Rng& rng, double largest_rotation);

  /// [any-thread] Changes the bytes of an image, [channels, height, width]. Pixels that come from beyond its
  /// borders are black; positions are rounded to the nearest pixel. With three channels gray values are those
  /// of ITU-R 601; with any other number of channels, color does nothing, and contrast takes the mean of all
  /// bytes.
  void apply(const Shape& shape, std::span<std::uint8_t> image) const;
};

}  // namespace espalier
