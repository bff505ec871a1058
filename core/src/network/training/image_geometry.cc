#include "training/image_geometry.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace espalier {

Origins rotated_by(double degrees, const Shape& shape) {
  const double angle = degrees * std::numbers::pi / 180.0;
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  const double middle_x = shape.width / 2.0;
  const double middle_y = shape.height / 2.0;
  // Rows count downwards: a counterclockwise turn takes each pixel from where a clockwise one would put it.
  return {.x_of_x = cosine,
          .x_of_y = -sine,
          .x = middle_x - cosine * middle_x + sine * middle_y,
          .y_of_x = sine,
          .y_of_y = cosine,
          .y = middle_y - sine * middle_x - cosine * middle_y};
}

void move_pixels(const Origins& from, const Shape& shape, std::span<std::uint8_t> image) {
  const auto [channels, height, width] = shape;
  const std::vector<std::uint8_t> source(image.begin(), image.end());
  const std::ptrdiff_t plane = std::ptrdiff_t{height} * width;
  // A turn by a right angle lands between two pixels but for the rounding of its sine.
  constexpr double kRounding = 1e-9;
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const double x = column + 0.5;
      const double y = row + 0.5;
      const double from_x = std::floor(from.x_of_x * x + from.x_of_y * y + from.x + kRounding);
      const double from_y = std::floor(from.y_of_x * x + from.y_of_y * y + from.y + kRounding);
      const bool inside = from_x >= 0.0 && from_x < width && from_y >= 0.0 && from_y < height;
      const std::ptrdiff_t to = std::ptrdiff_t{row} * width + column;
      const std::ptrdiff_t at =
          inside ? static_cast<std::ptrdiff_t>(from_y) * width + static_cast<std::ptrdiff_t>(from_x) : 0;
      for (int channel = 0; channel < channels; ++channel)
        image[static_cast<std::size_t>(channel * plane + to)] =
            inside ? source[static_cast<std::size_t>(channel * plane + at)] : std::uint8_t{0};
    }
  }
}

}  // namespace espalier
