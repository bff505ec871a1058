#include <algorithm>
#include <cmath>

#include "picture.h"

namespace {

/// The pixels of a line that become one pixel, and their weights, whose sum is 1.
struct Blend {
  std::size_t first = 0;
  std::vector<float> weights;
};

/// How the `cut` pixels in the middle of `length` become `size` pixels.
std::vector<Blend> blends(std::size_t length, std::size_t cut, std::size_t size) {
  const double scale = static_cast<double>(cut) / static_cast<double>(size);
  const double reach = std::max(scale, 1.0);  // half the width of the triangle that weighs pixels
  const double begin = static_cast<double>(length - cut) / 2;
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

std::vector<std::uint8_t> center_square(const Picture& picture, std::size_t size) {
  constexpr std::size_t kChannels = 3;
  const std::size_t cut = std::min(picture.width, picture.height);
  const std::vector<Blend> columns = blends(picture.width, cut, size);
  const std::vector<Blend> rows = blends(picture.height, cut, size);

  // First along the lines of the square: [bottom - top, size, channels].
  const std::size_t top = rows.front().first;
  const std::size_t bottom = rows.back().first + rows.back().weights.size();
  std::vector<float> narrow((bottom - top) * size * kChannels, 0.0F);
  for (std::size_t y = top; y < bottom; ++y) {
    for (std::size_t x = 0; x < size; ++x) {
      const std::uint8_t* from = &picture.pixels[(y * picture.width + columns[x].first) * kChannels];
      float* to = &narrow[((y - top) * size + x) * kChannels];
      for (const float weight : columns[x].weights) {
        for (std::size_t c = 0; c < kChannels; ++c) to[c] += weight * static_cast<float>(*from++);
      }
    }
  }
  std::vector<std::uint8_t> square(kChannels * size * size);
  for (std::size_t y = 0; y < size; ++y) {
    for (std::size_t x = 0; x < size; ++x) {
      for (std::size_t c = 0; c < kChannels; ++c) {
        float value = 0.0F;
        for (std::size_t i = 0; i < rows[y].weights.size(); ++i) {
          value += rows[y].weights[i] * narrow[((rows[y].first - top + i) * size + x) * kChannels + c];
        }
        square[(c * size + y) * size + x] =
            static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0F, 255.0F)));
      }
    }
  }
  return square;
}
