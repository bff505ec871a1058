#pragma once

#include <cstddef>

#include "kernels/padded_image.h"

namespace espalier::kernels {

/// The windows of a pool. The part of a window that lies outside of the image does not count.
struct PoolShape {
  ImageShape image;
  std::size_t kernel;
  std::size_t stride;
  std::size_t padding;

  ImageShape output() const {
    const auto length = [&](std::size_t of_image) { return (of_image + 2 * padding - kernel) / stride + 1; };
    return {length(image.height), length(image.width), image.channels};
  }
};

/// image [height, width, channels] → the maximum, or the mean, of each window and channel.
void max_pool(const float* image, const PoolShape& shape, float* output);
void max_pool(const double* image, const PoolShape& shape, double* output);
void avg_pool(const float* image, const PoolShape& shape, float* output);
void avg_pool(const double* image, const PoolShape& shape, double* output);

/// Adds the gradient of the image to `image_gradient`. The maximum of a window is searched for again, which
/// is cheaper than a tensor of its place would be; among equal ones it is the first.
void max_pool_backward(const float* image, const PoolShape& shape, const float* gradient,
                       float* image_gradient);
void max_pool_backward(const double* image, const PoolShape& shape, const double* gradient,
                       double* image_gradient);
void avg_pool_backward(const float* gradient, const PoolShape& shape, float* image_gradient);
void avg_pool_backward(const double* gradient, const PoolShape& shape, double* image_gradient);

}  // namespace espalier::kernels
