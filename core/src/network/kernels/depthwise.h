#pragma once

#include <cstddef>

#include "kernels/padded_image.h"

namespace espalier::kernels {

/// Where a depthwise convolution of one image reads: output pixel (y, x) and tap (i, j) read the padded pixel
/// (y·stride + i·dilation + margin, x·stride + j·dilation + margin).
struct Window {
  std::size_t kernel;
  std::size_t stride;
  std::size_t dilation;
  std::size_t margin;  ///< how much wider the image is padded than this convolution needs
};

/// output[y][x][c] = Σ over taps of filters[i·kernel + j][c]·padded[…][c]. `padded` is [padded.height,
/// padded.width, channels], `output` [output_height, output_width, channels]; the same channels in all.
void depthwise(const float* padded, const ImageShape& padded_shape, const Window& window,
               const float* filters, std::size_t output_height, std::size_t output_width, float* output);
void depthwise(const double* padded, const ImageShape& padded_shape, const Window& window,
               const double* filters, std::size_t output_height, std::size_t output_width, double* output);

/// Adds the gradient of the padded image to `padded_gradient`.
void depthwise_backward_input(const float* gradient, const ImageShape& padded_shape, const Window& window,
                              const float* filters, std::size_t output_height, std::size_t output_width,
                              float* padded_gradient);
void depthwise_backward_input(const double* gradient, const ImageShape& padded_shape, const Window& window,
                              const double* filters, std::size_t output_height, std::size_t output_width,
                              double* padded_gradient);

/// Adds the gradient of the filters to `filters_gradient` [kernel·kernel, channels].
void depthwise_backward_filters(const float* padded, const ImageShape& padded_shape, const Window& window,
                                const float* gradient, std::size_t output_height, std::size_t output_width,
                                float* filters_gradient);
void depthwise_backward_filters(const double* padded, const ImageShape& padded_shape, const Window& window,
                                const double* gradient, std::size_t output_height, std::size_t output_width,
                                double* filters_gradient);

}  // namespace espalier::kernels
