#include "convolution/dense_branches.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "kernels/matrix_product.h"

namespace espalier {
namespace {

/// With fewer channels, the transforms of Winograd's algorithm cost more than its products save.
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
                                const FanOutGeometry& geometry, bool winograd)
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

// Its backward pass is in dense_branches_backward.cc.
template class DenseBranches<float>;
template class DenseBranches<double>;

}  // namespace espalier
