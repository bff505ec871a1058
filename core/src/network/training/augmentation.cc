#include "espalier/network/training/augmentation.h"

#include <fmt/format.h>

#include <algorithm>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

struct Interval {
  int begin;
  int end;
};

/// The outputs along an axis whose inputs, `shift` further on, lie within the image.
Interval inside(int shift, int size) {
  return {.begin = std::clamp(-shift, 0, size), .end = std::clamp(size - shift, 0, size)};
}

/// The part of an axis that a square of side `side` around `center` covers.
Interval covered(int center, int side, int size) {
  const int begin = center - side / 2;
  return {.begin = std::max(begin, 0), .end = std::min(begin + side, size)};
}

int below(Rng& rng, int bound) { return static_cast<int>(rng.below(static_cast<std::size_t>(bound))); }

void check(const Shape& shape, const Normalization& normalization, const Augmentation& augmentation) {
  if (augmentation.crop_padding < 0 || augmentation.cutout < 0) {
    throw UsageError({.what = fmt::format("a crop padding of {} and a cutout of {} pixels",
                                          augmentation.crop_padding, augmentation.cutout),
                      .expected = "0 or more"});
  }
  const auto channels = static_cast<std::size_t>(shape.channels);
  if (normalization.mean.size() != channels || normalization.standard_deviation.size() != channels) {
    throw Error({.what = fmt::format("a normalization of {} means and {} standard deviations",
                                     normalization.mean.size(), normalization.standard_deviation.size()),
                 .expected = fmt::format("one of each for every channel of images of {}", to_string(shape))});
  }
}

}  // namespace

Augmentation Augmentation::from(const Config& config, const Augmentation& defaults) {
  return {.crop_padding = config.integer("crop_padding", defaults.crop_padding,
                                         "how many black pixels surround an image before it is cropped at "
                                         "random to its size; 0: no crop",
                                         between(0, 1024)),
          .flip = config.boolean(
              "flip", defaults.flip,
              "mirror every other training image on average, where the dataset's images may be mirrored"),
          .cutout = config.integer("cutout", defaults.cutout,
                                   "the side in pixels of the square that is cut out of an image; 0: none",
                                   between(0, 1024)),
          .trivial_augment = defaults.trivial_augment,
          .largest_rotation = defaults.largest_rotation};
}

Rng augmentation_rng(std::uint64_t seed, std::uint64_t epoch, std::size_t index) {
  return Rng(Rng(seed, "augmentation", epoch)(), "image", index);
}

ImageWriter::ImageWriter(const Shape& shape, const Normalization& normalization,
                         const Augmentation& augmentation, bool channels_last)
    : shape_(shape), augmentation_(augmentation) {
  check(shape, normalization, augmentation);
  const std::ptrdiff_t plane = std::ptrdiff_t{shape.height} * shape.width;
  if (channels_last) {
    strides_ = {1, std::ptrdiff_t{shape.width} * shape.channels, shape.channels};
  } else {
    strides_ = {plane, shape.width, 1};
  }
  for (std::size_t channel = 0; channel < normalization.mean.size(); ++channel) {
    const float mean = normalization.mean[channel];
    const float deviation = normalization.standard_deviation[channel];
    std::array<float, 256>& table = normalized_.emplace_back();
    for (std::size_t byte = 0; byte < table.size(); ++byte)
      table[byte] = (static_cast<float>(byte) / 255.0F - mean) / deviation;
  }
}

void ImageWriter::write(std::span<const std::uint8_t> image, Rng rng, float* output) const {
  if (!augmentation_.trivial_augment) return write_changed(image, rng, output);
  std::vector<std::uint8_t> changed(image.begin(), image.end());
  TrivialAugment::draw(rng, augmentation_.largest_rotation).apply(shape_, changed);
  write_changed(changed, rng, output);
}

void ImageWriter::write_changed(std::span<const std::uint8_t> image, Rng& rng, float* output) const {
  const auto [channels, height, width] = shape_;
  const int padding = augmentation_.crop_padding;
  const int down = below(rng, 2 * padding + 1) - padding;
  const int right = below(rng, 2 * padding + 1) - padding;
  const bool flipped = augmentation_.flip && rng() >> 63 != 0;
  const Interval columns = inside(right, width);

  // A flipped row is written from its end.
  const std::ptrdiff_t step = flipped ? -strides_[2] : strides_[2];
  const std::ptrdiff_t first = flipped ? (width - 1) * strides_[2] : 0;
  for (int channel = 0; channel < channels; ++channel) {
    const std::array<float, 256>& table = normalized_[static_cast<std::size_t>(channel)];
    const std::uint8_t* plane = image.data() + std::ptrdiff_t{channel} * height * width;
    for (int y = 0; y < height; ++y) {
      float* to = output + channel * strides_[0] + y * strides_[1] + first;
      const bool black = y + down < 0 || y + down >= height;
      const auto [begin, end] = black ? Interval{.begin = width, .end = width} : columns;
      int x = 0;
      for (; x < begin; ++x, to += step) *to = table[0];
      const std::uint8_t* from = plane + std::ptrdiff_t{y + down} * width + right;
      for (; x < end; ++x, to += step) *to = table[from[x]];
      for (; x < width; ++x, to += step) *to = table[0];
    }
  }
  if (augmentation_.cutout == 0) return;

  const Interval cut_rows = covered(below(rng, height), augmentation_.cutout, height);
  const Interval cut_columns = covered(below(rng, width), augmentation_.cutout, width);
  for (int channel = 0; channel < channels; ++channel)
    for (int y = cut_rows.begin; y < cut_rows.end; ++y)
      for (int x = cut_columns.begin; x < cut_columns.end; ++x)
        output[channel * strides_[0] + y * strides_[1] + x * strides_[2]] = 0.0F;
}

}  // namespace espalier
