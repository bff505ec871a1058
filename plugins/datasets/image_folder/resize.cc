#include <algorithm>
#include <cmath>

#include "picture.h"

namespace {

/// The pixels of a line that become one pixel, and their weights, whose sum is 1.
struct Blend {
  std::size_t first = 0;
  std::vector<float> weights;
};

/// How the middle of `length` pixels becomes `size` pixels, each of them the length of `scale` before.
std::vector<Blend> blends(std::size_t length, double scale, std::size_t size) {
  const double reach = std::max(scale, 1.0);  // half the width of the triangle that weighs pixels
  const double begin = (static_cast<double>(length) - scale * static_cast<double>(size)) / 2;
  std::vector<Blend> all(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double center = begin + (static_cast<double>(i) + 0.5) * scale;
    const double low = std::max(center - reach, 0.0);
    const double high = std::min(center + reach, static_cast<double>(length));
    all[i].first = static_cast<std::size_t>(low);
    double sum = 0.0;
    for (auto at = static_cast<std::size_t>(low); static_cast<double>(at) < high; ++at) {
      const double weight = std::max(0.0, 1.0 - std::abs(static_cast<double>(at) + 0.5 - center) / reach);
      all[i].weights.push_back(static_cast<float>(weight));
      sum += weight;
    }
    for (float& weight : all[i].weights) weight = static_cast<float>(weight / sum);
  }
  return all;
}

}  // namespace

std::vector<std::uint8_t> scaled_center(const Picture& picture, std::size_t width, std::size_t height) {
  constexpr std::size_t kChannels = 3;
  const double scale = std::min(static_cast<double>(picture.width) / static_cast<double>(width),
                                static_cast<double>(picture.height) / static_cast<double>(height));
  const std::vector<Blend> columns = blends(picture.width, scale, width);
  const std::vector<Blend> rows = blends(picture.height, scale, height);

  // First along the lines of the part: [bottom - top, width, channels].
  const std::size_t top = rows.front().first;
  const std::size_t bottom = rows.back().first + rows.back().weights.size();
  std::vector<float> narrow((bottom - top) * width * kChannels, 0.0F);
  for (std::size_t y = top; y < bottom; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const std::uint8_t* from = &picture.pixels[(y * picture.width + columns[x].first) * kChannels];
      float* to = &narrow[((y - top) * width + x) * kChannels];
      for (const float weight : columns[x].weights) {
        for (std::size_t c = 0; c < kChannels; ++c) to[c] += weight * static_cast<float>(*from++);
      }
    }
  }
  std::vector<std::uint8_t> image(kChannels * height * width);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      for (std::size_t c = 0; c < kChannels; ++c) {
        float value = 0.0F;
        for (std::size_t i = 0; i < rows[y].weights.size(); ++i) {
          value += rows[y].weights[i] * narrow[((rows[y].first - top + i) * width + x) * kChannels + c];
        }
        image[(c * height + y) * width + x] =
            static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0F, 255.0F)));
      }
    }
  }
  return image;
}

Picture grayscale(Picture picture) {
  constexpr std::size_t kChannels = 3;
  // In units of 2⁻¹⁶, as Pillow has them.
  constexpr std::uint32_t red = 19595;
  constexpr std::uint32_t green = 38470;
  constexpr std::uint32_t blue = 7471;
  constexpr std::uint32_t half = 1U << 15U;
  for (std::size_t i = 0; i < picture.pixels.size(); i += kChannels) {
    std::uint8_t* const pixel = &picture.pixels[i];
    const std::uint32_t gray = (pixel[0] * red + pixel[1] * green + pixel[2] * blue + half) >> 16U;
    std::fill_n(pixel, kChannels, static_cast<std::uint8_t>(gray));
  }
  return picture;
}
