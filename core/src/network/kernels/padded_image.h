#pragma once

#include <algorithm>
#include <cstddef>

namespace espalier::kernels {

/// One image [height, width, channels], dense.
struct ImageShape {
  std::size_t height;
  std::size_t width;
  std::size_t channels;

  std::size_t pixels() const { return height * width; }
};

/// Images whose pixels are dense, and whose rows need not be.
template <class T>
struct Images {
  T* values;
  std::size_t row;    ///< numbers from one row to the next
  std::size_t image;  ///< numbers from one image to the next

  T* pixel(std::size_t index, std::size_t y, std::size_t x, std::size_t channels) const {
    return values + index * image + y * row + x * channels;
  }
};

/// How a convolution reads its input: as it is, normalized by a batch norm, through a relu, or both.
template <class T>
struct Reading {
  const T* scale = nullptr;   ///< [channels], or null: 1
  const T* offset = nullptr;  ///< [channels], or null: 0; both or none
  bool relu = false;
};

/// Fills the border of an image padded [height + 2·padding, width + 2·padding, channels] with zeros.
template <class T>
void clear_border(const ImageShape& shape, std::size_t padding, T* padded) {
  if (padding == 0) return;
  const std::size_t row = shape.width * shape.channels;
  const std::size_t side = padding * shape.channels;
  const std::size_t above = padding * (row + 2 * side);
  // What is right of a row and left of the next is one stretch.
  T* to = std::fill_n(padded, above + side, T(0));
  for (std::size_t y = 0; y < shape.height; ++y) to = std::fill_n(to + row, 2 * side, T(0));
  std::fill_n(to, above - side, T(0));
}

/// image [height, width, channels] → padded [height + 2·padding, width + 2·padding, channels], zeros around
/// what the reading gives.
void read_padded(const float* image, const ImageShape& shape, const Reading<float>& reading,
                 std::size_t padding, float* padded);
void read_padded(const double* image, const ImageShape& shape, const Reading<double>& reading,
                 std::size_t padding, double* padded);

/// The way back: gradient[h][w][c] = that of the padded image at the pixel, where the relu let the value
/// pass. It is the gradient of scale·x + offset, not yet times the scale.
void read_padded_backward(const float* image, const ImageShape& shape, const Reading<float>& reading,
                          std::size_t padding, const float* padded_gradient, float* gradient);
void read_padded_backward(const double* image, const ImageShape& shape, const Reading<double>& reading,
                          std::size_t padding, const double* padded_gradient, double* gradient);

}  // namespace espalier::kernels
