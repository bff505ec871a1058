// The forward pass of a fan-out: threads take block after block of images, read each block once, and run all
// branches on it while it is in cache. The moments that a batch norm will ask for are taken from the outputs
// while these are in cache, too.
#include <ATen/ATen.h>

#include <utility>

#include "convolution/fan_out_body.h"
#include "tensors/numbers.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

std::size_t numbers_of_image(const kernels::ImageShape& shape) { return shape.pixels() * shape.channels; }

}  // namespace

template <class T>
std::vector<Produced> FanOutBody<T>::forward(const at::Tensor& value) const {
  struct Output {
    T* data;
    kernels::ImageShape shape;
    MomentsOfParts moments;  // by block
  };
  std::vector<Produced> results(takes_moments_.size());
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
    const at::Tensor buffer = uninitialized<T>(geometry_.block() * geometry_.padded_numbers());
    const at::Tensor work = uninitialized<T>(scratch());
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
    results[b].producer.gradient = std::make_shared<DeferredGradient>();
    if (!takes_moments_[b]) continue;
    const std::size_t pixels = outputs[b].shape.pixels();
    results[b].producer.moments = std::make_shared<const Moments>(
        outputs[b].moments.merge(geometry_.block() * pixels, geometry_.images * pixels));
  }
  return results;
}

template std::vector<Produced> FanOutBody<float>::forward(const at::Tensor&) const;
template std::vector<Produced> FanOutBody<double>::forward(const at::Tensor&) const;

}  // namespace espalier
