#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

/// A decoded image: red, green, blue of each pixel, row by row.
struct Picture {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Reads a PNG, JPEG, WebP, GIF, TIFF or BMP file, as its content says, and turns it as its EXIF data says.
/// Gray, palette, CMYK and 16-bit images become RGB of 8 bits, transparent pixels lie on white, and of
/// several frames the first counts. Throws Error, naming the file, when it is of another format, is damaged
/// or cut short, or is too large.
Picture decode(const std::filesystem::path& file);

/// The largest part in the middle of a picture that has the proportions of width × height, scaled to these,
/// one channel after the other. Interpolates linearly; where an image shrinks, over all pixels that become
/// one.
std::vector<std::uint8_t> scaled_center(const Picture& picture, std::size_t width, std::size_t height);

/// Red, green and blue weighed as in ITU-R 601, which all three channels then hold.
Picture grayscale(Picture picture);
