#include "espalier/network/training/trivial_augment.h"

#include "training/image_colors.h"
#include "training/image_geometry.h"

namespace espalier {
namespace {

bool has_direction(TrivialOperation operation) {
  return operation >= TrivialOperation::shear_x && operation <= TrivialOperation::sharpness;
}

/// 8 - round(strength / 5)
int bits_at(int strength) { return 8 - (strength + 2) / 5; }

double magnitude_of(TrivialOperation operation, int strength, double largest_rotation) {
  using enum TrivialOperation;
  const double share = static_cast<double>(strength) / (TrivialAugment::kStrengths - 1);
  switch (operation) {
    case translate_x:
    case translate_y:
      return static_cast<int>(32.0 * share);
    case rotate:
      return largest_rotation * share;
    case posterize:
      return bits_at(strength);
    case solarize:
      return 255.0 * (1.0 - share);
    case identity:
    case auto_contrast:
    case equalize:
      return 0.0;
    default:
      return 0.99 * share;
  }
}

}  // namespace

TrivialAugment TrivialAugment::of(TrivialOperation operation, int strength, bool negative,
                                  double largest_rotation) {
  const double magnitude = magnitude_of(operation, strength, largest_rotation);
  return {.operation = operation, .magnitude = negative && has_direction(operation) ? -magnitude : magnitude};
}

TrivialAugment TrivialAugment::draw(Rng& rng, double largest_rotation) {
  const auto operation = static_cast<TrivialOperation>(rng.below(kOperations));
  const auto strength = static_cast<int>(rng.below(kStrengths));
  const bool negative = rng() >> 63 != 0;
  return of(operation, strength, negative, largest_rotation);
}

void TrivialAugment::apply(const Shape& shape, std::span<std::uint8_t> image) const {
  using enum TrivialOperation;
  switch (operation) {
    case identity:
      return;
    case shear_x:
      return move_pixels({.x_of_y = magnitude}, shape, image);
    case shear_y:
      return move_pixels({.y_of_x = magnitude}, shape, image);
    case translate_x:
      return move_pixels({.x = magnitude}, shape, image);
    case translate_y:
      return move_pixels({.y = magnitude}, shape, image);
    case rotate:
      return move_pixels(rotated_by(magnitude, shape), shape, image);
    case brightness:
      return change_brightness(1.0 + magnitude, image);
    case color:
      return change_color(1.0 + magnitude, shape, image);
    case contrast:
      return change_contrast(1.0 + magnitude, shape, image);
    case sharpness:
      return change_sharpness(1.0 + magnitude, shape, image);
    case posterize:
      return espalier::posterize(static_cast<int>(magnitude), image);
    case solarize:
      return espalier::solarize(magnitude, image);
    case auto_contrast:
      return espalier::auto_contrast(shape, image);
    case equalize:
      return espalier::equalize(shape, image);
  }
}

}  // namespace espalier
