#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "convolution/fan_out.h"
#include "convolution/fan_out_body.h"
#include "sums/batch_norm_transform.h"
#include "sums/single_backward.h"

namespace espalier {

/// What a fan-out's forward pass leaves to its backward pass, except for tensors, which autograd keeps.
/// Autograd knows a fan-out as a function of a list of tensors: the value, gamma and beta of a batch norm
/// that has them, and then the filters, branch by branch.
struct FanOutState final : torch::CustomClassHolder {
  std::vector<FanOutBranch> branches;  ///< without their filters
  std::variant<std::monostate, FanOutBody<float>, FanOutBody<double>> body;
  std::optional<BatchNormTransform> norm;
  bool relu = false;
  bool winograd = false;
  bool affine = false;
  std::shared_ptr<DeferredGradient> deferred;  ///< of the value
  std::vector<Producer> producers;             ///< by branch, of the outputs
  SingleBackward once;

  /// The place of the first filters in the list.
  std::size_t first_filters() const { return affine ? 3 : 1; }

  /// The branches with their filters from the list.
  std::vector<FanOutBranch> with_filters(at::TensorList inputs) const {
    std::vector<FanOutBranch> result = branches;
    std::size_t next = first_filters();
    for (FanOutBranch& branch : result) {
      if (branch.depthwise != nullptr) branch.filters.depthwise = inputs[next++];
      if (branch.convolution != nullptr) branch.filters.convolution = inputs[next++];
    }
    return result;
  }
};

}  // namespace espalier
