#pragma once

#include <cstdint>
#include <span>

#include "espalier/layers/shape.h"

namespace espalier {

/// Where the pixel at (x, y) of an image comes from: (x_of_x x + x_of_y y + x, y_of_x x + y_of_y y + y),
/// where the middle of the first pixel is (0.5, 0.5).
struct Origins {
  double x_of_x = 1.0;
  double x_of_y = 0.0;
  double x = 0.0;
  double y_of_x = 0.0;
  double y_of_y = 1.0;
  double y = 0.0;
};

/// Turns an image counterclockwise around its middle.
Origins rotated_by(double degrees, const Shape& shape);

/// Moves the pixels of an image, [channels, height, width]. A pixel is the nearest one of where it comes
/// from, and black beyond the borders.
void move_pixels(const Origins& from, const Shape& shape, std::span<std::uint8_t> image);

}  // namespace espalier
