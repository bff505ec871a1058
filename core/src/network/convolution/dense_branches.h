#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <span>
#include <vector>

#include "convolution/fan_out.h"
#include "convolution/fan_out_geometry.h"
#include "convolution/gradient_sum.h"
#include "espalier/layers/layer.h"
#include "kernels/winograd.h"
#include "sums/output_gradient.h"

namespace espalier {

/// Branches of a fan-out that are convolutions of one form, 1×1 or 3×3 over all channels. They are computed
/// as one convolution over their concatenated filters, a block of images at a time; with all output channels
/// in one row, the input is read once for all branches, and the products are large enough to keep the vector
/// units busy.
///
/// There are two algorithms:
///
/// - Winograd's (kernels/winograd.h) for 3×3 convolutions of stride 1 with enough channels.
/// - Otherwise, row by row of the output and of the filters: the windows of a row of pixels are a matrix
///   [width, k·C] whose rows overlap in memory, at a distance of stride·C, and the output is the sum over the
///   k rows of the filters of its products with a matrix [k·C, O]. Nothing is copied for it, as im2col would.
template <class T>
class DenseBranches {
 public:
  /// `filters` [O, C, k, k] of each branch.
  DenseBranches(const Conv2d& conv, const std::vector<at::Tensor>& filters, const FanOutGeometry& geometry,
                bool winograd);

  /// The shape of one output image, by branch.
  std::vector<kernels::ImageShape> outputs() const;
  /// How many numbers of scratch memory a thread needs.
  std::size_t scratch() const;
  /// How many numbers the gradients of the filters have.
  std::size_t filter_numbers() const { return window_.kernel * window_.kernel * channels_ * all_; }
  /// How many numbers the gradients of the transformed filters have, which backward() sums in Winograd's
  /// algorithm, for finish_filters(); otherwise 0, and backward() sums the gradients of the filters.
  std::size_t transformed_numbers() const {
    return winograd_ ? static_cast<std::size_t>(filters_.numel()) : 0;
  }

  /// `padded` are `images` images as they were read; the outputs are dense.
  void forward(const T* padded, std::size_t images, std::span<T* const> outputs, T* scratch) const;
  /// Adds to the gradients of the padded images, whose padding may hold anything afterwards, and of the
  /// filters. `first` is the place of the first image in the batch.
  void backward(const T* padded, std::size_t first, std::size_t images,
                std::span<const OutputGradient<T>* const> gradients, GradientSum<T> padded_gradient,
                GradientSum<T> filters_gradient, T* scratch) const;
  /// transformed [transformed_numbers()] → filters [filter_numbers()].
  void finish_filters(const T* transformed, T* filters) const {
    kernels::winograd_filters_backward(transformed, forward_shape(1), filters);
  }
  /// The gradients in the shapes of the layers' own filters.
  std::vector<BranchFilters> filters_gradient(T* sum) const;

 private:
  std::size_t pixels() const { return height_ * width_; }
  /// How wide a border of zeros the gradients of the outputs need, for the gradient of the input to be a
  /// convolution of them.
  std::size_t border() const { return winograd_ ? window_.kernel - 1 - padding_ : 0; }
  std::size_t bordered_numbers() const { return (height_ + 2 * border()) * (width_ + 2 * border()) * all_; }
  kernels::WinogradShape forward_shape(std::size_t images) const {
    return {images, height_, width_, channels_, all_};
  }
  kernels::WinogradShape backward_shape(std::size_t images) const {
    return {images, geometry_.image.height, geometry_.image.width, all_, channels_};
  }
  /// The padded images from the first pixel that these convolutions read, which may have a smaller padding
  /// than other branches.
  template <class Number>
  kernels::Images<Number> padded_images(Number* padded) const {
    return {padded + corner(), padded_row(), geometry_.padded_numbers()};
  }
  std::size_t padded_row() const { return geometry_.padded().width * channels_; }
  /// Calls body(first number of the padded images, first pixel of the outputs, number of pixels) for every
  /// row of the outputs; once for all rows where they follow one another in the padded images, too.
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
  /// The gradients of the outputs side by side, in a border of zeros: in `scratch`, or where they are.
  const T* beside_each_other(std::size_t first, std::size_t images,
                             std::span<const OutputGradient<T>* const> gradients, T* scratch) const;
  void multiply(const T* padded, std::size_t images, std::span<T* const> outputs) const;
  void multiply_backward(const T* padded, std::size_t images, const T* gradient,
                         GradientSum<T> padded_gradient, GradientSum<T> filters_gradient) const;

  FanOutGeometry geometry_;
  kernels::Window window_;
  std::size_t padding_;
  std::vector<std::size_t> members_;  ///< the output channels of each branch
  std::size_t channels_;
  std::size_t all_ = 0;  ///< the output channels of all branches
  std::size_t height_;   ///< of the outputs
  std::size_t width_;
  bool winograd_;
  at::Tensor filters_;  ///< [k, k, C, all], or transformed by Winograd's algorithm
  at::Tensor back_;     ///< [k, k, all, C]; or rotated by half a turn, and transformed
};

}  // namespace espalier
