#include "convolution/fan_out_body.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "tensors/numbers.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

std::size_t widest_padding(const std::vector<SourceBranch>& branches) {
  int padding = 0;
  for (const SourceBranch& branch : branches)
    padding =
        std::max(padding, (branch.depthwise != nullptr ? branch.depthwise : branch.convolution)->padding);
  return static_cast<std::size_t>(padding);
}

std::size_t numbers_of_image(const kernels::ImageShape& shape) { return shape.pixels() * shape.channels; }

}  // namespace

template <class T>
SourceBody<T>::SourceBody(const at::Tensor& value, const std::optional<Normalisation>& norm, bool relu,
                          const std::vector<SourceBranch>& branches, bool winograd)
    : geometry_{.images = static_cast<std::size_t>(value.size(0)),
                .image = {static_cast<std::size_t>(value.size(2)), static_cast<std::size_t>(value.size(3)),
                          static_cast<std::size_t>(value.size(1))},
                .padding = widest_padding(branches)},
      relu_(relu) {
  for (std::size_t c = 0; norm && c < geometry_.image.channels; ++c) {
    scale_.push_back(static_cast<T>(norm->scale(c)));
    offset_.push_back(static_cast<T>(norm->offset(c)));
  }
  std::vector<std::vector<std::size_t>> dense;  // those of one form
  for (std::size_t b = 0; b < branches.size(); ++b) {
    const SourceBranch& branch = branches[b];
    takes_moments_.push_back(branch.takes_moments);
    if (branch.depthwise != nullptr) {
      parts_.push_back({DepthwiseBranch<T>(*branch.depthwise, branch.filters, geometry_), {b}});
      continue;
    }
    // Conv2d::out_channels is not compared: filters of any number of channels stand side by side.
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
kernels::Reading<T> SourceBody<T>::reading() const {
  if (scale_.empty()) return {.relu = relu_};
  return {.scale = scale_.data(), .offset = offset_.data(), .relu = relu_};
}

template <class T>
const T* SourceBody<T>::read(const T* value, std::size_t block, T* buffer) const {
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
std::size_t SourceBody<T>::scratch() const {
  std::size_t most = 0;
  for (const Part& part : parts_)
    std::visit([&](const auto& convolutions) { most = std::max(most, convolutions.scratch()); },
               part.convolutions);
  return most;
}

template <class T>
std::vector<Made> SourceBody<T>::forward(const at::Tensor& value) const {
  struct Output {
    T* data;
    kernels::ImageShape shape;
    MomentsOfParts moments;  // by block
  };
  std::vector<Made> results(takes_moments_.size());
  std::vector<Output> outputs(takes_moments_.size());
  for (const Part& part : parts_) {
    const auto shapes = std::visit([](const auto& some) { return some.outputs(); }, part.convolutions);
    for (std::size_t m = 0; m < shapes.size(); ++m) {
      const std::size_t b = part.branches[m];
      const auto size = [](std::size_t length) { return static_cast<std::int64_t>(length); };
      results[b].value =
          at::empty({value.size(0), size(shapes[m].channels), size(shapes[m].height), size(shapes[m].width)},
                    value.options(), at::MemoryFormat::ChannelsLast);
      outputs[b] = {.data = results[b].value.template data_ptr<T>(), .shape = shapes[m], .moments = {}};
      if (takes_moments_[b]) outputs[b].moments = MomentsOfParts(geometry_.blocks(), shapes[m].channels);
    }
  }

  const T* const values = value.data_ptr<T>();
  share_indices(geometry_.blocks(), [&](const auto& next) {
    const at::Tensor buffer = uninitialised<T>(geometry_.block() * geometry_.padded_numbers());
    const at::Tensor work = uninitialised<T>(scratch());
    while (const auto index = next()) {
      const std::size_t block = *index;
      const std::size_t images = geometry_.images_of(block);
      const T* padded = read(values, block, buffer.data_ptr<T>());
      for (const Part& part : parts_) {
        std::vector<T*> to_branches;
        for (const std::size_t b : part.branches)
          to_branches.push_back(outputs[b].data +
                                block * geometry_.block() * numbers_of_image(outputs[b].shape));
        std::visit([&](const auto& some) { some.forward(padded, images, to_branches, work.data_ptr<T>()); },
                   part.convolutions);
        for (std::size_t m = 0; m < to_branches.size(); ++m) {
          Output& output = outputs[part.branches[m]];
          if (output.moments.empty()) continue;
          output.moments.template take<T>(block, {to_branches[m], images * output.shape.pixels(),
                                                  output.shape.channels, output.shape.channels});
        }
      }
    }
  });

  for (std::size_t b = 0; b < results.size(); ++b) {
    results[b].origin.gradient = std::make_shared<DeferredGradient>();
    if (!takes_moments_[b]) continue;
    const std::size_t pixels = outputs[b].shape.pixels();
    results[b].origin.moments = std::make_shared<const Moments>(
        outputs[b].moments.merge(geometry_.block() * pixels, geometry_.images * pixels));
  }
  return results;
}

// Its backward pass is in source_body_backward.cc.
template class SourceBody<float>;
template class SourceBody<double>;

}  // namespace espalier
