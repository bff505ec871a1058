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

/// What a fan-out computes: how it reads its value, and its branches, with those of one form together.
template <class T>
class FanOutBody {
 public:
  FanOutBody(const at::Tensor& value, const std::optional<BatchNormTransform>& norm, bool relu,
             const std::vector<FanOutBranch>& branches, bool winograd);

  /// The outputs by branch, with their moments where a branch takes them.
  std::vector<Produced> forward(const at::Tensor& value) const;

  struct Gradients {
    at::Tensor read;                     ///< g, of what the relu read: the batch norm's result, or the value
    std::vector<double> sums;            ///< for a batch norm: Σ g by channel
    std::vector<double> products;        ///< for a batch norm: Σ g·value by channel
    std::vector<BranchFilters> filters;  ///< by branch
  };
  /// `gradients` are those of the outputs, by branch. Those of the value, and of the filters, are computed
  /// only where they are asked for.
  Gradients backward(const at::Tensor& value, const std::vector<OutputGradient<T>>& gradients,
                     bool with_value, bool with_filters) const;

 private:
  struct Part {
    std::variant<DenseBranches<T>, DepthwiseBranch<T>> convolutions;
    std::vector<std::size_t> branches;
  };
  /// Whether the branches can read the value where it is.
  bool reads_in_place() const { return geometry_.padding == 0 && !relu_ && scale_.empty(); }
  kernels::Reading<T> reading() const;
  /// The images of a block as the branches read them: in `buffer`, or where they are.
  const T* read(const T* value, std::size_t block, T* buffer) const;
  std::size_t scratch() const;

  FanOutGeometry geometry_;
  bool relu_;
  std::vector<T> scale_;  ///< of a batch norm, by channel; empty without one
  std::vector<T> offset_;
  std::vector<Part> parts_;
  std::vector<bool> takes_moments_;  ///< by branch
};

}  // namespace espalier
