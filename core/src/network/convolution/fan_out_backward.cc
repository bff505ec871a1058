// The backward pass of a fan-out, for x the value, y = relu(batch_norm(x)) what its branches read, and f_b
// the filters of branch b, from the gradients g_b of the outputs:
//
// - dL/df_b is a sum over all images. Each of a few groups of images (kFilterGroups) sums its own in order,
//   and then the groups are added in order: the result is the same to the bit on any number of threads. A
//   group that summed the gradients of transformed filters (kernels/winograd.h) transforms them back first,
//   while they are in cache: they are almost twice as many numbers.
// - dL/dy is the sum over the branches of what each gives. It is summed in cache, a block of images at a
//   time, and dL/d(batch_norm(x)), which the relu passes where y > 0, is written to memory at once.
// - For dL/dx a batch norm needs Σ g and Σ g·x over the whole batch, which are taken on the way; the caller
//   then applies input_gradient() of sums/batch_norm_transform.h.
//
// y itself was not kept: each block is read again, as in the forward pass.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "convolution/fan_out_body.h"
#include "kernels/channel_sums.h"
#include "plan/memory/filter_groups.h"
#include "tensors/numbers.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

/// Adds the rows of the other groups to that of the first, in order, on ATen's threads.
template <class T>
void merge_groups(T* sums, std::size_t row, std::size_t groups) {
  at::parallel_for(0, static_cast<std::int64_t>(row), 4096, [&](std::int64_t from, std::int64_t to) {
    for (std::size_t group = 1; group < groups; ++group)
      std::transform(sums + from, sums + to, sums + group * row + from, sums + from, std::plus<T>());
  });
}

}  // namespace

template <class T>
typename FanOutBody<T>::Gradients FanOutBody<T>::backward(const at::Tensor& value,
                                                          const std::vector<OutputGradient<T>>& gradients,
                                                          bool with_value, bool with_filters) const {
  std::vector<std::size_t> begins;                    // of each part's filters
  std::vector<const DenseBranches<T>*> transforming;  // null for a part that does not transform its filters
  std::size_t filters = 0;
  std::size_t transformed = 0;
  for (const Part& part : parts_) {
    begins.push_back(filters);
    filters += std::visit([](const auto& some) { return some.filter_numbers(); }, part.convolutions);
    const auto* dense = std::get_if<DenseBranches<T>>(&part.convolutions);
    transforming.push_back(dense != nullptr && dense->transformed_numbers() > 0 ? dense : nullptr);
    if (transforming.back() != nullptr) transformed += dense->transformed_numbers();
  }
  const std::size_t channels = geometry_.image.channels;
  const std::size_t groups = std::min(kFilterGroups, geometry_.blocks());
  const at::Tensor sums = uninitialized<T>(with_filters ? groups * filters : 0);  // by group
  std::vector<double> channel_sums(scale_.empty() ? 0 : 2 * channels * groups);
  Gradients result;
  if (with_value) result.read = at::empty_like(value, at::MemoryFormat::ChannelsLast);

  const T* const values = value.data_ptr<T>();
  T* const filter_sums = with_filters ? sums.template data_ptr<T>() : nullptr;
  T* const read_begin = with_value ? result.read.template data_ptr<T>() : nullptr;
  for_each_index(groups, [&](std::size_t group) {
    const at::Tensor buffer = uninitialized<T>(geometry_.block() * geometry_.padded_numbers());
    const at::Tensor back = uninitialized<T>(geometry_.block() * geometry_.padded_numbers());
    const at::Tensor work = uninitialized<T>(scratch());
    const at::Tensor transformed_sums = uninitialized<T>(with_filters ? transformed : 0);
    std::vector<T*> of_filters(parts_.size(), nullptr);  // by part, what this group sums
    T* next = transformed_sums.data_ptr<T>();
    for (std::size_t p = 0; with_filters && p < parts_.size(); ++p) {
      of_filters[p] = transforming[p] != nullptr ? next : filter_sums + group * filters + begins[p];
      if (transforming[p] != nullptr) next += transforming[p]->transformed_numbers();
    }
    const std::size_t begin = group * geometry_.blocks() / groups;
    const std::size_t end = (group + 1) * geometry_.blocks() / groups;
    for (std::size_t block = begin; block < end; ++block) {
      const std::size_t images = geometry_.images_of(block);
      const std::size_t first = block * geometry_.block();
      const T* padded = with_filters ? read(values, block, buffer.data_ptr<T>()) : nullptr;
      T* padded_gradient = nullptr;
      T* of_value = nullptr;
      if (with_value) {
        of_value = read_begin + first * geometry_.image_numbers();
        padded_gradient = reads_in_place() ? of_value : back.data_ptr<T>();
      }
      for (std::size_t p = 0; p < parts_.size(); ++p) {
        std::vector<const OutputGradient<T>*> of_branches;
        for (const std::size_t b : parts_[p].branches) of_branches.push_back(&gradients[b]);
        std::visit(
            [&](const auto& some) {
              some.backward(padded, first, images, of_branches, {padded_gradient, /*fresh=*/p == 0},
                            {of_filters[p], /*fresh=*/block == begin}, work.data_ptr<T>());
            },
            parts_[p].convolutions);
      }
      if (!with_value || reads_in_place()) continue;
      for (std::size_t i = 0; i < images; ++i) {
        kernels::read_padded_backward(
            values + (first + i) * geometry_.image_numbers(), geometry_.image, reading(), geometry_.padding,
            padded_gradient + i * geometry_.padded_numbers(), of_value + i * geometry_.image_numbers());
      }
      if (channel_sums.empty()) continue;
      const std::size_t pixels = images * geometry_.image.pixels();
      const kernels::Pixels<T> g{of_value, pixels, channels, channels};
      double* const to = channel_sums.data() + group * 2 * channels;
      kernels::channel_sums(g, to);
      kernels::channel_products(g, {values + first * geometry_.image_numbers(), pixels, channels, channels},
                                to + channels);
    }
    for (std::size_t p = 0; with_filters && p < parts_.size(); ++p)
      if (transforming[p] != nullptr)
        transforming[p]->finish_filters(of_filters[p], filter_sums + group * filters + begins[p]);
  });

  result.filters.resize(gradients.size());
  if (with_filters) merge_groups(filter_sums, filters, groups);
  for (std::size_t p = 0; with_filters && p < parts_.size(); ++p) {
    std::vector<BranchFilters> of_part =
        std::visit([&](const auto& some) { return some.filters_gradient(filter_sums + begins[p]); },
                   parts_[p].convolutions);
    for (std::size_t m = 0; m < of_part.size(); ++m)
      result.filters[parts_[p].branches[m]] = std::move(of_part[m]);
  }
  if (!scale_.empty() && with_value) {
    merge_groups(channel_sums.data(), 2 * channels, groups);
    const auto middle = channel_sums.begin() + static_cast<std::ptrdiff_t>(channels);
    result.sums.assign(channel_sums.begin(), middle);
    result.products.assign(middle, middle + static_cast<std::ptrdiff_t>(channels));
  }
  return result;
}

template FanOutBody<float>::Gradients FanOutBody<float>::backward(const at::Tensor&,
                                                                  const std::vector<OutputGradient<float>>&,
                                                                  bool, bool) const;
template FanOutBody<double>::Gradients FanOutBody<double>::backward(
    const at::Tensor&, const std::vector<OutputGradient<double>>&, bool, bool) const;

}  // namespace espalier
