// The backward pass of dense branches, for g the gradients of all outputs side by side:
//
// - The gradient of the filters is, for each tap, the product windowsᵀ·g over all pixels.
// - The gradient of the input is, for stride 1, the convolution of g in a border of zeros with the filters
//   rotated by half a turn and their channels exchanged, which Winograd's algorithm computes as well.
//   Otherwise, each tap adds g·filtersᵀ to the pixels that it read.
#include <ATen/ATen.h>

#include <algorithm>

#include "convolution/dense_branches.h"
#include "kernels/matrix_product.h"

namespace espalier {

template <class T>
const T* DenseBranches<T>::beside_each_other(std::size_t first, std::size_t images,
                                             std::span<const OutputGradient<T>* const> gradients,
                                             T* scratch) const {
  if (!winograd_ && gradients.size() == 1) {
    if (const T* dense = gradients.front()->dense(first * pixels())) return dense;
  }
  const std::size_t row = (width_ + 2 * border()) * all_;
  for (std::size_t i = 0; i < images; ++i)
    kernels::clear_border({height_, width_, all_}, border(), scratch + i * bordered_numbers());
  std::size_t before = 0;
  for (std::size_t m = 0; m < members_.size(); before += members_[m++]) {
    std::size_t pixel = first * pixels();
    for (std::size_t i = 0; i < images; ++i) {
      T* to = scratch + i * bordered_numbers() + border() * (row + all_) + before;
      for (std::size_t y = 0; y < height_; ++y, pixel += width_, to += row)
        gradients[m]->write(pixel, width_, to, all_);
    }
  }
  return scratch;
}

template <class T>
void DenseBranches<T>::backward(const T* padded, std::size_t first, std::size_t images,
                                std::span<const OutputGradient<T>* const> gradients,
                                GradientSum<T> padded_gradient, GradientSum<T> filters_gradient,
                                T* scratch) const {
  const T* const gradient = beside_each_other(first, images, gradients, scratch);
  if (!winograd_) return multiply_backward(padded, images, gradient, padded_gradient, filters_gradient);

  T* const work = scratch + geometry_.block() * bordered_numbers();
  const std::size_t row = (width_ + 2 * border()) * all_;
  const kernels::Images<const T> bordered{gradient, row, bordered_numbers()};
  const kernels::Images<const T> inside{gradient + border() * (row + all_), row, bordered_numbers()};
  if (filters_gradient)
    kernels::winograd_backward_filters(padded_images(padded), forward_shape(images), inside, work,
                                       !filters_gradient.fresh, filters_gradient.numbers);
  if (!padded_gradient) return;
  T* const image_gradient =
      padded_gradient.numbers + geometry_.padding * (geometry_.padded().width + 1) * channels_;
  const kernels::WinogradOutput<T> input{
      {image_gradient, geometry_.padded().width * channels_, geometry_.padded_numbers()}, channels_};
  kernels::winograd(bordered, backward_shape(images), back_.data_ptr<T>(), work, {&input, 1},
                    /*accumulate=*/!padded_gradient.fresh);
}

template <class T>
void DenseBranches<T>::multiply_backward(const T* padded, std::size_t images, const T* gradients,
                                         GradientSum<T> padded_gradient,
                                         GradientSum<T> filters_gradient) const {
  if (padded_gradient) padded_gradient.clear_if_fresh(images * geometry_.padded_numbers());
  if (filters_gradient) filters_gradient.clear_if_fresh(filter_numbers());
  const std::size_t row = window_.kernel * channels_;
  const T* back = back_.data_ptr<T>();
  for_each_line(images, [&](std::size_t from, std::size_t to, std::size_t width) {
    const T* gradient = gradients + to * all_;
    for (std::size_t k = 0; k < window_.kernel; ++k, from += padded_row()) {
      if (filters_gradient)
        kernels::add_transposed_product({padded + from, width, row, window_.stride * channels_},
                                        {gradient, width, all_, all_},
                                        {filters_gradient.numbers + k * row * all_, row, all_, all_});
      if (!padded_gradient) continue;
      // Tap by tap, since the windows of neighboring pixels overlap and cannot be written at once.
      for (std::size_t tap = 0; tap < window_.kernel; ++tap)
        kernels::matrix_product(
            {gradient, width, all_, all_},
            {back + (k * window_.kernel + tap) * all_ * channels_, all_, channels_, channels_},
            /*accumulate=*/true,
            {padded_gradient.numbers + from + tap * channels_, width, channels_, window_.stride * channels_});
    }
  });
}

template <class T>
std::vector<BranchFilters> DenseBranches<T>::filters_gradient(T* sum) const {
  const auto kernel = static_cast<std::int64_t>(window_.kernel);
  const auto channels = static_cast<std::int64_t>(channels_);
  const auto all = static_cast<std::int64_t>(all_);
  const at::Tensor gradient =
      at::from_blob(sum, {kernel, kernel, channels, all}, at::CppTypeToScalarType<T>::value)
          .permute({3, 2, 0, 1});
  std::vector<BranchFilters> gradients;
  std::int64_t before = 0;
  for (const std::size_t member : members_) {
    const auto count = static_cast<std::int64_t>(member);
    gradients.push_back(
        {.depthwise = {},
         .convolution = gradient.narrow(0, before, count).clone(at::MemoryFormat::Contiguous)});
    before += count;
  }
  return gradients;
}

template void DenseBranches<float>::backward(const float*, std::size_t, std::size_t,
                                             std::span<const OutputGradient<float>* const>,
                                             GradientSum<float>, GradientSum<float>, float*) const;
template void DenseBranches<double>::backward(const double*, std::size_t, std::size_t,
                                              std::span<const OutputGradient<double>* const>,
                                              GradientSum<double>, GradientSum<double>, double*) const;
template std::vector<BranchFilters> DenseBranches<float>::filters_gradient(float*) const;
template std::vector<BranchFilters> DenseBranches<double>::filters_gradient(double*) const;

}  // namespace espalier
