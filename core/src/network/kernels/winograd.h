#pragma once

#include <cstddef>
#include <span>

#include "kernels/padded_image.h"

namespace espalier::kernels {

/// A 3×3 convolution of stride 1 by Winograd's F(2×2, 3×3): 16 products of [tiles, channels] matrices instead
/// of 36 (Lavin and Gray, Fast algorithms for convolutional neural networks, 2016), tiles of several images
/// in strips that stay in cache.
struct WinogradShape {
  std::size_t images;
  std::size_t height;  ///< of the output; the padded input has two rows and columns more
  std::size_t width;
  std::size_t inputs;   ///< channels
  std::size_t outputs;  ///< channels
};

/// So many numbers the functions below need to work with.
std::size_t winograd_scratch(const WinogradShape& shape);

/// filters [3·3, inputs, outputs] → transformed [16, inputs, outputs].
void winograd_filters(const float* filters, const WinogradShape& shape, float* transformed);
void winograd_filters(const double* filters, const WinogradShape& shape, double* transformed);

/// Some of the output's channels: those of several convolutions computed as one may lie apart.
template <class T>
struct WinogradOutput {
  Images<T> images;  ///< [height, width, channels]
  std::size_t channels;
};

/// padded [height + 2, width + 2, inputs] → outputs, all channels one after another; added to what is there
/// when `accumulate`. The gradient of the input is the same function, over the padded gradient with filters
/// turned by half a turn and their channels exchanged.
void winograd(const Images<const float>& padded, const WinogradShape& shape, const float* transformed,
              float* scratch, std::span<const WinogradOutput<float>> outputs, bool accumulate);
void winograd(const Images<const double>& padded, const WinogradShape& shape, const double* transformed,
              double* scratch, std::span<const WinogradOutput<double>> outputs, bool accumulate);

/// Adds to transformed_gradient [16, inputs, outputs] what the images give; winograd_filters_backward() turns
/// the sum over all images into the gradient of the filters. `gradient` is [height, width, outputs].
void winograd_backward_filters(const Images<const float>& padded, const WinogradShape& shape,
                               const Images<const float>& gradient, float* scratch,
                               float* transformed_gradient);
void winograd_backward_filters(const Images<const double>& padded, const WinogradShape& shape,
                               const Images<const double>& gradient, double* scratch,
                               double* transformed_gradient);

/// transformed_gradient [16, inputs, outputs] → filters_gradient [3·3, inputs, outputs].
void winograd_filters_backward(const float* transformed_gradient, const WinogradShape& shape,
                               float* filters_gradient);
void winograd_filters_backward(const double* transformed_gradient, const WinogradShape& shape,
                               double* filters_gradient);

}  // namespace espalier::kernels
