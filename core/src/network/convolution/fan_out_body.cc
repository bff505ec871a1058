#include "convolution/fan_out_body.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

namespace espalier {
namespace {

std::size_t widest_padding(const std::vector<FanOutBranch>& branches) {
  int padding = 0;
  for (const FanOutBranch& branch : branches)
    padding =
        std::max(padding, (branch.depthwise != nullptr ? branch.depthwise : branch.convolution)->padding);
  return static_cast<std::size_t>(padding);
}

}  // namespace

template <class T>
FanOutBody<T>::FanOutBody(const at::Tensor& value, const std::optional<BatchNormTransform>& norm, bool relu,
                          const std::vector<FanOutBranch>& branches, bool winograd)
    : geometry_{.images = static_cast<std::size_t>(value.size(0)),
                .image = {static_cast<std::size_t>(value.size(2)), static_cast<std::size_t>(value.size(3)),
                          static_cast<std::size_t>(value.size(1))},
                .padding = widest_padding(branches)},
      relu_(relu) {
  for (std::size_t c = 0; norm && c < geometry_.image.channels; ++c) {
    scale_.push_back(static_cast<T>(norm->scale(c)));
    offset_.push_back(static_cast<T>(norm->offset(c)));
  }
  std::vector<std::vector<std::size_t>> dense;  // branches of one form together
  for (std::size_t b = 0; b < branches.size(); ++b) {
    const FanOutBranch& branch = branches[b];
    takes_moments_.push_back(branch.takes_moments);
    if (branch.depthwise != nullptr) {
      parts_.push_back({DepthwiseBranch<T>(*branch.depthwise, branch.filters, geometry_), {b}});
      continue;
    }
    // Conv2d::out_channels may differ: filters of any number of channels can stand side by side.
    const auto same = std::find_if(dense.begin(), dense.end(), [&](const auto& members) {
      const Conv2d& first = *branches[members.front()].convolution;
      return first.kernel == branch.convolution->kernel && first.stride == branch.convolution->stride &&
             first.padding == branch.convolution->padding;
    });
    if (same == dense.end())
      dense.push_back({b});
    else
      same->push_back(b);
  }
  for (const std::vector<std::size_t>& members : dense) {
    std::vector<at::Tensor> filters;
    for (const std::size_t b : members) filters.push_back(branches[b].filters.convolution);
    const Conv2d& form = *branches[members.front()].convolution;
    parts_.push_back({DenseBranches<T>(form, filters, geometry_, winograd), members});
  }
}

template <class T>
kernels::Reading<T> FanOutBody<T>::reading() const {
  if (scale_.empty()) return {.relu = relu_};
  return {.scale = scale_.data(), .offset = offset_.data(), .relu = relu_};
}

template <class T>
const T* FanOutBody<T>::read(const T* value, std::size_t block, T* buffer) const {
  const T* image = value + block * geometry_.block() * geometry_.image_numbers();
  if (reads_in_place()) return image;
  T* to = buffer;
  for (std::size_t i = 0; i < geometry_.images_of(block); ++i) {
    kernels::read_padded(image, geometry_.image, reading(), geometry_.padding, to);
    image += geometry_.image_numbers();
    to += geometry_.padded_numbers();
  }
  return buffer;
}

template <class T>
std::size_t FanOutBody<T>::scratch() const {
  std::size_t most = 0;
  for (const Part& part : parts_)
    std::visit([&](const auto& convolutions) { most = std::max(most, convolutions.scratch()); },
               part.convolutions);
  return most;
}

// Its passes are in fan_out_forward.cc and fan_out_backward.cc.
template class FanOutBody<float>;
template class FanOutBody<double>;

}  // namespace espalier
