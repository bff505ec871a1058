#include "convolution/dense_branches.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "kernels/matrix_product.h"

namespace espalier {
namespace {

/// With fewer channels the transforms cost more than the products save.
constexpr std::size_t kWinogradChannels = 8;

std::size_t output_length(std::size_t length, const Conv2d& conv) {
  return (length + 2 * static_cast<std::size_t>(conv.padding) - static_cast<std::size_t>(conv.kernel)) /
             static_cast<std::size_t>(conv.stride) +
         1;
}

/// [3, 3, inputs, outputs] → [16, inputs, outputs].
template <class T>
at::Tensor transformed(const at::Tensor& filters, const kernels::WinogradShape& shape) {
  at::Tensor result = at::empty({16, filters.size(2), filters.size(3)}, filters.options());
  kernels::winograd_filters(filters.data_ptr<T>(), shape, result.data_ptr<T>());
  return result;
}

}  // namespace

template <class T>
DenseBranches<T>::DenseBranches(const Conv2d& conv, const std::vector<at::Tensor>& filters,
                                const SourceGeometry& geometry, bool winograd)
    : geometry_(geometry),
      window_(window_of(geometry, conv.kernel, conv.stride, conv.dilation, conv.padding)),
      padding_(static_cast<std::size_t>(conv.padding)),
      channels_(geometry.image.channels),
      height_(output_length(geometry.image.height, conv)),
      width_(output_length(geometry.image.width, conv)) {
  for (const at::Tensor& of_member : filters) {
    members_.push_back(static_cast<std::size_t>(of_member.size(0)));
    all_ += members_.back();
  }
  winograd_ = winograd && conv.kernel == 3 && conv.stride == 1 && channels_ >= kWinogradChannels &&
              all_ >= kWinogradChannels;
  const at::Tensor all = (filters.size() == 1 ? filters.front() : at::cat(filters)).detach();
  filters_ = all.permute({2, 3, 1, 0}).contiguous();
  back_ = (winograd_ ? all.flip({2, 3}) : all).permute({2, 3, 0, 1}).contiguous();
  if (!winograd_) return;
  filters_ = transformed<T>(filters_, forward_shape(1));
  back_ = transformed<T>(back_, backward_shape(1));
}

template <class T>
std::vector<kernels::ImageShape> DenseBranches<T>::outputs() const {
  std::vector<kernels::ImageShape> shapes;
  for (const std::size_t channels : members_) shapes.push_back({height_, width_, channels});
  return shapes;
}

template <class T>
std::size_t DenseBranches<T>::scratch() const {
  const std::size_t outputs = geometry_.block() * bordered_numbers();
  if (!winograd_) return outputs;
  return outputs + std::max(kernels::winograd_scratch(forward_shape(geometry_.block())),
                            kernels::winograd_scratch(backward_shape(geometry_.block())));
}

template <class T>
std::size_t DenseBranches<T>::filter_numbers() const {
  return static_cast<std::size_t>(filters_.numel());
}

template <class T>
void DenseBranches<T>::forward(const T* padded, std::size_t images, std::span<T* const> outputs,
                               T* scratch) const {
  if (!winograd_) return multiply(padded, images, outputs);
  std::vector<kernels::WinogradOutput<T>> members;
  for (std::size_t m = 0; m < members_.size(); ++m)
    members.push_back({{outputs[m], width_ * members_[m], pixels() * members_[m]}, members_[m]});
  kernels::winograd(padded_images(padded), forward_shape(images), filters_.data_ptr<T>(), scratch, members,
                    /*accumulate=*/false);
}

template <class T>
void DenseBranches<T>::multiply(const T* padded, std::size_t images, std::span<T* const> outputs) const {
  const std::size_t row = window_.kernel * channels_;
  for_each_line(images, [&](std::size_t from, std::size_t to, std::size_t width) {
    const T* filters = filters_.data_ptr<T>();
    for (std::size_t k = 0; k < window_.kernel; ++k, from += padded_row()) {
      for (std::size_t m = 0; m < members_.size(); filters += members_[m++])
        kernels::matrix_product({padded + from, width, row, window_.stride * channels_},
                                {filters, row, members_[m], all_}, /*accumulate=*/k > 0,
                                {outputs[m] + to * members_[m], width, members_[m], members_[m]});
      filters += (row - 1) * all_;
    }
  });
}

template <class T>
const T* DenseBranches<T>::gather(std::size_t first, std::size_t images,
                                  std::span<const OutputGradient<T>* const> gradients, T* scratch) const {
  if (!winograd_ && gradients.size() == 1) {
    if (const T* dense = gradients.front()->dense(first * pixels())) return dense;
  }
  const std::size_t row = (width_ + 2 * border()) * all_;
  if (border() > 0) std::fill_n(scratch, images * bordered_numbers(), T(0));
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
                                std::span<const OutputGradient<T>* const> gradients, T* padded_gradient,
                                T* filters_gradient, T* scratch) const {
  const T* const gradient = gather(first, images, gradients, scratch);
  if (!winograd_) return multiply_backward(padded, images, gradient, padded_gradient, filters_gradient);

  T* const work = scratch + geometry_.block() * bordered_numbers();
  const std::size_t row = (width_ + 2 * border()) * all_;
  const kernels::Images<const T> bordered{gradient, row, bordered_numbers()};
  const kernels::Images<const T> inside{gradient + border() * (row + all_), row, bordered_numbers()};
  if (filters_gradient != nullptr)
    kernels::winograd_backward_filters(padded_images(padded), forward_shape(images), inside, work,
                                       filters_gradient);
  if (padded_gradient == nullptr) return;
  T* const image_gradient = padded_gradient + geometry_.padding * (geometry_.padded().width + 1) * channels_;
  const kernels::WinogradOutput<T> input{
      {image_gradient, geometry_.padded().width * channels_, geometry_.padded_numbers()}, channels_};
  kernels::winograd(bordered, backward_shape(images), back_.data_ptr<T>(), work, {&input, 1},
                    /*accumulate=*/true);
}

template <class T>
void DenseBranches<T>::multiply_backward(const T* padded, std::size_t images, const T* gradients,
                                         T* padded_gradient, T* filters_gradient) const {
  const std::size_t row = window_.kernel * channels_;
  const T* back = back_.data_ptr<T>();
  for_each_line(images, [&](std::size_t from, std::size_t to, std::size_t width) {
    const T* gradient = gradients + to * all_;
    for (std::size_t k = 0; k < window_.kernel; ++k, from += padded_row()) {
      if (filters_gradient != nullptr)
        kernels::add_transposed_product({padded + from, width, row, window_.stride * channels_},
                                        {gradient, width, all_, all_},
                                        {filters_gradient + k * row * all_, row, all_, all_});
      if (padded_gradient == nullptr) continue;
      // Tap by tap: those of one window overlap the next one's.
      for (std::size_t tap = 0; tap < window_.kernel; ++tap)
        kernels::matrix_product(
            {gradient, width, all_, all_},
            {back + (k * window_.kernel + tap) * all_ * channels_, all_, channels_, channels_},
            /*accumulate=*/true,
            {padded_gradient + from + tap * channels_, width, channels_, window_.stride * channels_});
    }
  });
}

template <class T>
std::vector<SourceFilters> DenseBranches<T>::filters_gradient(T* sum) const {
  const auto kernel = static_cast<std::int64_t>(window_.kernel);
  const auto channels = static_cast<std::int64_t>(channels_);
  const auto all = static_cast<std::int64_t>(all_);
  std::vector<T> taps;
  if (winograd_) {
    taps.resize(window_.kernel * window_.kernel * channels_ * all_);
    kernels::winograd_filters_backward(sum, forward_shape(1), taps.data());
  }
  const at::Tensor gradient = at::from_blob(winograd_ ? taps.data() : sum, {kernel, kernel, channels, all},
                                            at::CppTypeToScalarType<T>::value)
                                  .permute({3, 2, 0, 1});
  std::vector<SourceFilters> gradients;
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

template class DenseBranches<float>;
template class DenseBranches<double>;

}  // namespace espalier
