#pragma once

#include <cstdint>
#include <span>

#include "espalier/layers/shape.h"

namespace espalier {

// Changes of the colors of an image, [channels, height, width], in the definitions of the Python Imaging
// Library and torchvision. A factor of 1 changes nothing; results are cut off at 0 and 255 and rounded down.

/// Away from black.
void change_brightness(double factor, std::span<std::uint8_t> image);
/// Away from the gray value of each pixel; nothing unless there are three channels.
void change_color(double factor, const Shape& shape, std::span<std::uint8_t> image);
/// Away from the mean gray value of the image.
void change_contrast(double factor, const Shape& shape, std::span<std::uint8_t> image);
/// Away from the mean of 3×3 pixels, of which the middle one weighs 5. The border stays as it is.
void change_sharpness(double factor, const Shape& shape, std::span<std::uint8_t> image);

/// Keeps so many of the upper bits of each byte.
void posterize(int bits, std::span<std::uint8_t> image);
/// Inverts the bytes from a value on.
void solarize(double threshold, std::span<std::uint8_t> image);
/// Stretches each channel from its smallest and largest value to 0 and 255.
void auto_contrast(const Shape& shape, std::span<std::uint8_t> image);
/// Makes the values of each channel about equally frequent.
void equalize(const Shape& shape, std::span<std::uint8_t> image);

}  // namespace espalier
