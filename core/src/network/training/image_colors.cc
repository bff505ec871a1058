#include "training/image_colors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace espalier {
namespace {

using Bytes = std::span<std::uint8_t>;

/// `factor` of `to` and the rest of `from`, which a factor above 1 leads away from.
std::uint8_t blended(double from, double to, double factor) {
  return static_cast<std::uint8_t>(std::clamp(from + factor * (to - from), 0.0, 255.0));
}

std::size_t plane_of(const Shape& shape) {
  return static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
}

Bytes channel_of(const Shape& shape, Bytes image, int channel) {
  return image.subspan(static_cast<std::size_t>(channel) * plane_of(shape), plane_of(shape));
}

/// ITU-R 601, in the fixed-point numbers of the Python Imaging Library.
std::uint8_t gray_of(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  return static_cast<std::uint8_t>((red * 19595U + green * 38470U + blue * 7471U + 0x8000U) >> 16U);
}

std::vector<std::uint8_t> gray_of(const Shape& shape, Bytes image) {
  if (shape.channels != 3) return {image.begin(), image.end()};
  const std::size_t plane = plane_of(shape);
  std::vector<std::uint8_t> gray(plane);
  for (std::size_t i = 0; i < plane; ++i) gray[i] = gray_of(image[i], image[plane + i], image[2 * plane + i]);
  return gray;
}

using Table = std::array<std::uint8_t, 256>;

void look_up(const Table& table, Bytes bytes) {
  for (std::uint8_t& byte : bytes) byte = table[byte];
}

}  // namespace

void change_brightness(double factor, Bytes image) {
  for (std::uint8_t& byte : image) byte = blended(0.0, byte, factor);
}

void change_color(double factor, const Shape& shape, Bytes image) {
  if (shape.channels != 3) return;
  const std::vector<std::uint8_t> gray = gray_of(shape, image);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = blended(gray[i % gray.size()], image[i], factor);
}

void change_contrast(double factor, const Shape& shape, Bytes image) {
  const std::vector<std::uint8_t> gray = gray_of(shape, image);
  const double sum = std::accumulate(gray.begin(), gray.end(), 0.0);
  const double mean = std::floor(sum / static_cast<double>(gray.size()) + 0.5);
  for (std::uint8_t& byte : image) byte = blended(mean, byte, factor);
}

void change_sharpness(double factor, const Shape& shape, Bytes image) {
  const auto width = static_cast<std::size_t>(shape.width);
  const auto height = static_cast<std::size_t>(shape.height);
  const std::vector<std::uint8_t> source(image.begin(), image.end());
  for (std::size_t channel = 0; channel < static_cast<std::size_t>(shape.channels); ++channel) {
    for (std::size_t y = 1; y + 1 < height; ++y) {
      for (std::size_t x = 1; x + 1 < width; ++x) {
        const std::size_t at = channel * plane_of(shape) + y * width + x;
        int sum = 4 * source[at];
        for (const std::size_t row : {at - width, at, at + width})
          sum += source[row - 1] + source[row] + source[row + 1];
        image[at] = blended(std::floor(sum / 13.0 + 0.5), source[at], factor);
      }
    }
  }
}

void posterize(int bits, Bytes image) {
  const auto mask = static_cast<std::uint8_t>(0xFFU << static_cast<unsigned>(8 - bits));
  for (std::uint8_t& byte : image) byte &= mask;
}

void solarize(double threshold, Bytes image) {
  for (std::uint8_t& byte : image)
    if (byte >= threshold) byte = static_cast<std::uint8_t>(255 - byte);
}

void auto_contrast(const Shape& shape, Bytes image) {
  for (int channel = 0; channel < shape.channels; ++channel) {
    const Bytes bytes = channel_of(shape, image, channel);
    const auto [smallest, largest] = std::ranges::minmax(bytes);
    if (smallest == largest) continue;
    const int range = largest - smallest;
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>((byte - smallest) * 255 / range);
  }
}

void equalize(const Shape& shape, Bytes image) {
  for (int channel = 0; channel < shape.channels; ++channel) {
    const Bytes bytes = channel_of(shape, image, channel);
    std::array<std::size_t, 256> counts{};
    for (const std::uint8_t byte : bytes) ++counts[byte];
    const std::size_t step = (bytes.size() - counts[std::ranges::max(bytes)]) / 255;
    if (step == 0) continue;  // too few pixels, or one value alone
    Table table{};
    std::size_t below = step / 2;
    for (std::size_t value = 0; value < table.size(); ++value) {
      table[value] = static_cast<std::uint8_t>(std::min<std::size_t>(below / step, 255));
      below += counts[value];
    }
    look_up(table, bytes);
  }
}

}  // namespace espalier
