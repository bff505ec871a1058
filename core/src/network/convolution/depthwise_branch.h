#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <span>
#include <vector>

#include "convolution/fan_out.h"
#include "convolution/fan_out_geometry.h"
#include "convolution/gradient_sum.h"
#include "espalier/layers/layer.h"
#include "kernels/depthwise.h"
#include "sums/output_gradient.h"

namespace espalier {

/// A branch of a fan-out: a depthwise convolution, which convolves each channel alone, and the 1×1
/// convolution behind it, if there is one, which mixes the channels. Together they are a depthwise separable
/// convolution (Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2017).
///
/// Both run on one image at a time, and what is between them stays in cache; the backward pass computes it
/// again, for a depthwise convolution is cheap.
template <class T>
class DepthwiseBranch {
 public:
  /// Without filters of a 1×1 convolution it is the depthwise one alone.
  DepthwiseBranch(const Conv2d& conv, const BranchFilters& filters, const FanOutGeometry& geometry);

  /// The shape of one output image.
  std::vector<kernels::ImageShape> outputs() const { return {output_}; }
  /// How many numbers of scratch memory a thread needs.
  std::size_t scratch() const { return between_.pixels() * (2 * between_.channels + output_.channels); }
  /// How many numbers the gradients of the filters have.
  std::size_t filter_numbers() const;

  /// `padded` are `images` images as they were read; the one output is dense.
  void forward(const T* padded, std::size_t images, std::span<T* const> outputs, T* scratch) const;
  /// Adds to the gradients of the padded images, whose padding may hold anything afterwards, and of the
  /// filters. `first` is the place of the first image in the batch.
  void backward(const T* padded, std::size_t first, std::size_t images,
                std::span<const OutputGradient<T>* const> gradients, GradientSum<T> padded_gradient,
                GradientSum<T> filters_gradient, T* scratch) const;
  /// The gradients in the shapes of the layers' own filters.
  std::vector<BranchFilters> filters_gradient(const T* sum) const;

 private:
  FanOutGeometry geometry_;
  kernels::Window window_;
  std::vector<T> filters_;         ///< [k·k, C]
  std::vector<T> pointwise_;       ///< [C, O], or empty
  std::vector<T> pointwise_back_;  ///< [O, C]
  kernels::ImageShape between_;
  kernels::ImageShape output_;
};

}  // namespace espalier
