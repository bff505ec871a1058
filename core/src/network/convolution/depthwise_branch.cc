// With t = depthwise(y) between the two convolutions, an image's [pixels, C], and P the 1×1 filters as a
// matrix [C, O]:
//
//     forward:   out = t·P
//     backward:  dL/dt = g·Pᵀ,  dL/dP = tᵀ·g,  and from dL/dt those of y and of the depthwise filters
//
// Pᵀ is the layout that LibTorch keeps the filters in, [O, C]; both are kept here, so that each product reads
// its second factor row by row.
#include "convolution/depthwise_branch.h"

#include <ATen/ATen.h>

#include "kernels/matrix_product.h"
#include "tensors/numbers.h"

namespace espalier {
namespace {

/// [rows, columns] → [columns, rows].
template <class T>
void transpose(const T* from, std::size_t rows, std::size_t columns, T* to) {
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) to[c * rows + r] = *from++;
}

std::size_t output_length(std::size_t padded, const kernels::Window& window) {
  return (padded - 2 * window.margin - window.dilation * (window.kernel - 1) - 1) / window.stride + 1;
}

}  // namespace

template <class T>
DepthwiseBranch<T>::DepthwiseBranch(const Conv2d& conv, const BranchFilters& filters,
                                    const FanOutGeometry& geometry)
    : geometry_(geometry),
      window_(window_of(geometry, conv.kernel, conv.stride, conv.dilation, conv.padding)),
      between_{output_length(geometry.padded().height, window_),
               output_length(geometry.padded().width, window_), geometry.image.channels},
      output_(between_) {
  const std::vector<T> depthwise = numbers_of<T>(filters.depthwise);
  filters_.resize(depthwise.size());
  transpose(depthwise.data(), between_.channels, depthwise.size() / between_.channels, filters_.data());
  if (!filters.convolution.defined()) return;
  output_.channels = static_cast<std::size_t>(filters.convolution.size(0));
  pointwise_back_ = numbers_of<T>(filters.convolution);
  pointwise_.resize(pointwise_back_.size());
  transpose(pointwise_back_.data(), output_.channels, between_.channels, pointwise_.data());
}

template <class T>
std::size_t DepthwiseBranch<T>::filter_numbers() const {
  return filters_.size() + pointwise_.size();
}

template <class T>
void DepthwiseBranch<T>::forward(const T* padded, std::size_t images, std::span<T* const> outputs,
                                 T* scratch) const {
  const std::size_t pixels = between_.pixels();
  const std::size_t channels = between_.channels;
  T* output = outputs.front();
  for (std::size_t i = 0; i < images; ++i) {
    T* const to = !pointwise_.empty() ? scratch : output;
    kernels::depthwise(padded, geometry_.padded(), window_, filters_.data(), between_.height, between_.width,
                       to);
    if (!pointwise_.empty()) {
      kernels::matrix_product({to, pixels, channels, channels},
                              {pointwise_.data(), channels, output_.channels, output_.channels},
                              /*accumulate=*/false, {output, pixels, output_.channels, output_.channels});
    }
    padded += geometry_.padded_numbers();
    output += pixels * output_.channels;
  }
}

template <class T>
void DepthwiseBranch<T>::backward(const T* padded, std::size_t first, std::size_t images,
                                  std::span<const OutputGradient<T>* const> gradients,
                                  GradientSum<T> padded_gradient, GradientSum<T> filters_gradient,
                                  T* scratch) const {
  const std::size_t pixels = between_.pixels();
  const std::size_t channels = between_.channels;
  const T* filters = filters_.data();
  T* const between = scratch;
  T* const back = between + pixels * channels;
  T* const written = back + pixels * channels;
  if (padded_gradient) padded_gradient.clear_if_fresh(images * geometry_.padded_numbers());
  if (filters_gradient) filters_gradient.clear_if_fresh(filter_numbers());
  for (std::size_t i = 0; i < images; ++i) {
    const std::size_t pixel = (first + i) * pixels;
    const T* gradient = gradients.front()->dense(pixel);
    if (gradient == nullptr) {
      gradients.front()->write(pixel, pixels, written, output_.channels);
      gradient = written;
    }
    const T* of_between = gradient;
    if (!pointwise_.empty()) {
      kernels::matrix_product({gradient, pixels, output_.channels, output_.channels},
                              {pointwise_back_.data(), output_.channels, channels, channels},
                              /*accumulate=*/false, {back, pixels, channels, channels});
      of_between = back;
    }
    if (filters_gradient) {
      const T* const image = padded + i * geometry_.padded_numbers();
      kernels::depthwise_backward_filters(image, geometry_.padded(), window_, of_between, between_.height,
                                          between_.width, filters_gradient.numbers);
      if (!pointwise_.empty()) {
        kernels::depthwise(image, geometry_.padded(), window_, filters, between_.height, between_.width,
                           between);
        kernels::add_transposed_product(
            {between, pixels, channels, channels}, {gradient, pixels, output_.channels, output_.channels},
            {filters_gradient.numbers + filters_.size(), channels, output_.channels, output_.channels});
      }
    }
    if (padded_gradient)
      kernels::depthwise_backward_input(of_between, geometry_.padded(), window_, filters, between_.height,
                                        between_.width,
                                        padded_gradient.numbers + i * geometry_.padded_numbers());
  }
}

template <class T>
std::vector<BranchFilters> DepthwiseBranch<T>::filters_gradient(const T* sum) const {
  const auto size = [](std::size_t length) { return static_cast<std::int64_t>(length); };
  const at::TensorOptions options = at::CppTypeToScalarType<T>::value;
  BranchFilters gradient;
  gradient.depthwise =
      at::empty({size(between_.channels), 1, size(window_.kernel), size(window_.kernel)}, options);
  transpose(sum, window_.kernel * window_.kernel, between_.channels,
            gradient.depthwise.template data_ptr<T>());
  if (!pointwise_.empty()) {
    gradient.convolution = at::empty({size(output_.channels), size(between_.channels), 1, 1}, options);
    transpose(sum + filters_.size(), between_.channels, output_.channels,
              gradient.convolution.template data_ptr<T>());
  }
  return {gradient};
}

template class DepthwiseBranch<float>;
template class DepthwiseBranch<double>;

}  // namespace espalier
