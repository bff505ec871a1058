#include "compile/channel_layers.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <numeric>

#include "kernels/copy_pixels.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

bool has_channel_kernels(const at::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.dim() == 4 &&
         tensor.is_contiguous(at::MemoryFormat::ChannelsLast) &&
         (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kDouble);
}

at::Tensor with_channels(const at::Tensor& like, std::int64_t channels) {
  return at::empty({like.size(0), channels, like.size(2), like.size(3)}, like.options(),
                   at::MemoryFormat::ChannelsLast);
}

/// Calls move(pixels of `from`, where the first of them is in `to`, numbers from one pixel to the next
/// there), on ATen's threads.
template <class Move>
void for_each_part(const at::Tensor& from, const at::Tensor& to, const Move& move) {
  const auto run = [&]<class T>(T) {
    const auto all = pixels_of<T>(from);
    const auto stride = static_cast<std::size_t>(to.size(1));
    PixelChunks(all.pixels, all.channels).for_each([&](std::size_t, std::size_t begin, std::size_t end) {
      move(part_of(all, begin, end), to.data_ptr<T>() + begin * stride, stride);
    });
  };
  to.scalar_type() == at::kDouble ? run(double()) : run(float());
}

struct ConcatChannels : Function<ConcatChannels> {
  static at::Tensor forward(AutogradContext* context, at::TensorList inputs) {
    std::vector<std::int64_t> channels;
    for (const at::Tensor& input : inputs) channels.push_back(input.size(1));
    const at::Tensor output =
        with_channels(inputs.front(), std::accumulate(channels.begin(), channels.end(), std::int64_t{0}));
    for (std::int64_t begin = 0; const at::Tensor& input : inputs) {
      for_each_part(input, output, [&](const auto& pixels, auto* into, std::size_t stride) {
        kernels::copy_pixels(pixels, into + begin, stride);
      });
      begin += input.size(1);
    }
    context->saved_data["channels"] = channels;
    return output;
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    variable_list parts =
        gradients.front().split_with_sizes(context->saved_data["channels"].toIntVector(), 1);
    // They are read many times, by each candidate of a node; a few numbers of each pixel would cost as much
    // to read as all of them.
    if (!at::GradMode::is_enabled())
      for (at::Tensor& part : parts) part = dense_copy(part);
    return parts;
  }
};

struct ShuffleChannels : Function<ShuffleChannels> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, std::int64_t groups) {
    context->saved_data["groups"] = input.size(1) / groups;
    const at::Tensor output = with_channels(input, input.size(1));
    for_each_part(input, output, [&](const auto& pixels, auto* into, std::size_t) {
      kernels::shuffle_pixels(pixels, static_cast<std::size_t>(groups), into);
    });
    return output;
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    return {ShuffleChannels::apply(in_pixels(gradients.front()), context->saved_data["groups"].toInt()), {}};
  }
};

}  // namespace

at::Tensor dense_copy(const at::Tensor& tensor) {
  const at::Tensor copy = with_channels(tensor, tensor.size(1));
  for_each_part(in_pixels(tensor), copy, [](const auto& pixels, auto* into, std::size_t stride) {
    kernels::copy_pixels(pixels, into, stride);
  });
  return copy;
}

at::Tensor concat_channels(const std::vector<at::Tensor>& inputs) {
  return std::ranges::all_of(inputs, has_channel_kernels) ? ConcatChannels::apply(at::TensorList(inputs))
                                                          : at::cat(inputs, 1);
}

at::Tensor shuffle_channels(const at::Tensor& input, std::int64_t groups) {
  if (has_channel_kernels(input)) return ShuffleChannels::apply(input, groups);
  // LibTorch 1.13 has no derivative of channel_shuffle().
  return input.unflatten(1, at::IntArrayRef{groups, input.size(1) / groups}).transpose(1, 2).flatten(1, 2);
}

}  // namespace espalier
