#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <span>
#include <vector>

#include "convolution/fan_out.h"
#include "convolution/fan_out_geometry.h"
#include "espalier/layers/layer.h"
#include "kernels/depthwise.h"
#include "sums/output_gradient.h"

namespace espalier {

/// A depthwise convolution of a source, and the 1×1 convolution behind it, if any: what is between them stays
/// in cache, an image at a time, and is computed again in the backward pass.
template <class T>
class DepthwiseBranch {
 public:
  /// Without filters of a convolution it is the depthwise one alone.
  DepthwiseBranch(const Conv2d& conv, const SourceFilters& filters, const SourceGeometry& geometry);

  /// [O, height, width] of each image.
  std::vector<kernels::ImageShape> outputs() const { return {output_}; }
  /// Numbers that one thread needs to work with.
  std::size_t scratch() const { return between_.pixels() * (2 * between_.channels + output_.channels); }
  /// Numbers of the gradients of all filters.
  std::size_t filter_numbers() const;

  /// `padded` are some images as they were read; one output, dense.
  void forward(const T* padded, std::size_t images, std::span<T* const> outputs, T* scratch) const;
  /// Adds to the gradient of the padded images and to that of the filters, each of which may be null. `first`
  /// is the first of the images in the batch.
  void backward(const T* padded, std::size_t first, std::size_t images,
                std::span<const OutputGradient<T>* const> gradients, T* padded_gradient, T* filters_gradient,
                T* scratch) const;
  /// The gradients that backward() summed, as those of the layers' own tensors.
  std::vector<SourceFilters> filters_gradient(const T* sum) const;

 private:
  SourceGeometry geometry_;
  kernels::Window window_;
  std::vector<T> filters_;         ///< [k·k, C]
  std::vector<T> pointwise_;       ///< [C, O], or empty
  std::vector<T> pointwise_back_;  ///< [O, C]
  kernels::ImageShape between_;
  kernels::ImageShape output_;
};

}  // namespace espalier
