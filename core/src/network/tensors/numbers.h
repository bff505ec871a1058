#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <vector>

namespace espalier {

/// The numbers of a tensor, on any device and of any type.
template <class T = double>
std::vector<T> numbers_of(const at::Tensor& tensor);

/// A vector of numbers as a tensor, in float or double.
at::Tensor tensor_of(const std::vector<double>& values, const at::TensorOptions& options);

/// Memory for `count` numbers, from the allocator of tensors.
template <class T>
at::Tensor uninitialized(std::size_t count);

}  // namespace espalier
