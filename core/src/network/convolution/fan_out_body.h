#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <variant>
#include <vector>

#include "convolution/dense_branches.h"
#include "convolution/depthwise_branch.h"
#include "convolution/fan_out.h"
#include "convolution/fan_out_geometry.h"
#include "sums/batch_norm_transform.h"
#include "sums/output_gradient.h"

namespace espalier {

/// A source in the making: how it reads, and its branches, those of one form together.
template <class T>
class SourceBody {
 public:
  SourceBody(const at::Tensor& value, const std::optional<Normalisation>& norm, bool relu,
             const std::vector<SourceBranch>& branches, bool winograd);

  /// By branch; with its moments where they are taken.
  std::vector<Made> forward(const at::Tensor& value) const;

  struct Gradients {
    at::Tensor read;                     ///< of what the relu read, the batch norm's result
    std::vector<double> sums;            ///< of a batch norm: Σ read by channel
    std::vector<double> products;        ///< Σ read·value
    std::vector<SourceFilters> filters;  ///< by branch
  };
  /// `gradients` by branch. Of the value and of the filters only where they are asked for.
  Gradients backward(const at::Tensor& value, const std::vector<OutputGradient<T>>& gradients,
                     bool with_value, bool with_filters) const;

 private:
  struct Part {
    std::variant<DenseBranches<T>, DepthwiseBranch<T>> convolutions;
    std::vector<std::size_t> branches;
  };
  /// Whether the value's own memory is what branches read.
  bool reads_in_place() const { return geometry_.padding == 0 && !relu_ && scale_.empty(); }
  kernels::Reading<T> reading() const;
  /// The images of a block as the branches read them, in `buffer` or where they are.
  const T* read(const T* value, std::size_t block, T* buffer) const;
  std::size_t scratch() const;

  SourceGeometry geometry_;
  bool relu_;
  std::vector<T> scale_;  ///< of a batch norm
  std::vector<T> offset_;
  std::vector<Part> parts_;
  std::vector<bool> takes_moments_;  ///< by branch
};

}  // namespace espalier
