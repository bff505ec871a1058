#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <span>
#include <vector>

#include "convolution/fan_out.h"
#include "convolution/fan_out_geometry.h"
#include "espalier/layers/layer.h"
#include "kernels/winograd.h"
#include "sums/output_gradient.h"

namespace espalier {

/// The convolutions of one form, 1×1 or 3×3 over all channels, that read one source: computed as one over
/// their concatenated filters, a block of images at a time. A 3×3 of stride 1 by Winograd's algorithm where
/// that is faster, others as products of a row's windows and the filters.
template <class T>
class DenseBranches {
 public:
  /// `filters` [O, C, k, k] of each branch.
  DenseBranches(const Conv2d& conv, const std::vector<at::Tensor>& filters, const SourceGeometry& geometry,
                bool winograd);

  /// [O, height, width] of each branch.
  std::vector<kernels::ImageShape> outputs() const;
  /// Numbers that one thread needs to work with.
  std::size_t scratch() const;
  /// Numbers of the gradients of all filters.
  std::size_t filter_numbers() const;

  /// `padded` are some images as they were read; dense outputs.
  void forward(const T* padded, std::size_t images, std::span<T* const> outputs, T* scratch) const;
  /// Adds to the gradient of the padded images and to that of the filters, each of which may be null. `first`
  /// is the first of the images in the batch.
  void backward(const T* padded, std::size_t first, std::size_t images,
                std::span<const OutputGradient<T>* const> gradients, T* padded_gradient, T* filters_gradient,
                T* scratch) const;
  /// The gradients that backward() summed, as those of the layers' own tensors.
  std::vector<SourceFilters> filters_gradient(T* sum) const;

 private:
  std::size_t pixels() const { return height_ * width_; }
  /// The border of zeros around outputs' gradients with which the input's gradient is a convolution.
  std::size_t border() const { return winograd_ ? window_.kernel - 1 - padding_ : 0; }
  std::size_t bordered_numbers() const { return (height_ + 2 * border()) * (width_ + 2 * border()) * all_; }
  kernels::WinogradShape forward_shape(std::size_t images) const {
    return {images, height_, width_, channels_, all_};
  }
  kernels::WinogradShape backward_shape(std::size_t images) const {
    return {images, geometry_.image.height, geometry_.image.width, all_, channels_};
  }
  /// From the first pixel that the convolutions read.
  template <class Number>
  kernels::Images<Number> padded_images(Number* padded) const {
    return {padded + corner(), padded_row(), geometry_.padded_numbers()};
  }
  std::size_t padded_row() const { return geometry_.padded().width * channels_; }
  /// Calls body(first number of the padded images, first pixel of the outputs, pixels) with every row of the
  /// outputs; with all at once where those are one row to a product.
  template <class Body>
  void for_each_line(std::size_t images, const Body& body) const {
    if (window_.kernel == 1 && window_.stride == 1 && geometry_.padding == 0)
      return body(0, 0, images * pixels());
    for (std::size_t i = 0; i < images; ++i)
      for (std::size_t y = 0; y < height_; ++y)
        body(corner() + i * geometry_.padded_numbers() + y * window_.stride * padded_row(),
             (i * height_ + y) * width_, width_);
  }
  std::size_t corner() const {
    return (window_.margin * geometry_.padded().width + window_.margin) * channels_;
  }
  /// The gradients beside each other, in a border of zeros; or where they are.
  const T* gather(std::size_t first, std::size_t images, std::span<const OutputGradient<T>* const> gradients,
                  T* scratch) const;
  void multiply(const T* padded, std::size_t images, std::span<T* const> outputs) const;
  void multiply_backward(const T* padded, std::size_t images, const T* gradient, T* padded_gradient,
                         T* filters_gradient) const;

  SourceGeometry geometry_;
  kernels::Window window_;
  std::size_t padding_;
  std::vector<std::size_t> members_;  ///< the channels of each
  std::size_t channels_;
  std::size_t all_ = 0;  ///< the members' channels
  std::size_t height_;   ///< of the outputs
  std::size_t width_;
  bool winograd_;
  at::Tensor filters_;  ///< [k, k, C, all], or transformed
  at::Tensor back_;     ///< [k, k, all, C], or turned and transformed
};

}  // namespace espalier
