#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/depthwise.h"
#include "kernels/padded_image.h"

namespace espalier {

/// The images that a fan-out reads, and the blocks in which it reads them. The blocks depend on the sizes
/// alone, so that what is summed block by block is the same on any number of threads.
struct FanOutGeometry {
  std::size_t images;
  kernels::ImageShape image;
  std::size_t padding;  ///< on every side: the widest that a branch asks for

  kernels::ImageShape padded() const {
    return {image.height + 2 * padding, image.width + 2 * padding, image.channels};
  }
  std::size_t padded_numbers() const { return padded().pixels() * image.channels; }
  std::size_t image_numbers() const { return image.pixels() * image.channels; }

  /// How many images are read at once: several where they are small, so that loading the filters pays.
  std::size_t block() const {
    const std::size_t enough = std::max<std::size_t>(1, 256 / image.pixels());
    return std::min(enough, std::max<std::size_t>(1, images / 8));
  }
  std::size_t blocks() const { return (images + block() - 1) / block(); }
  /// How many images a block has: the last may have fewer.
  std::size_t images_of(std::size_t of_block) const { return std::min(block(), images - of_block * block()); }
};

/// The window of a convolution over the padded images of a fan-out.
inline kernels::Window window_of(const FanOutGeometry& geometry, int kernel, int stride, int dilation,
                                 int padding) {
  return {.kernel = static_cast<std::size_t>(kernel),
          .stride = static_cast<std::size_t>(stride),
          .dilation = static_cast<std::size_t>(dilation),
          .margin = geometry.padding - static_cast<std::size_t>(padding)};
}

}  // namespace espalier
