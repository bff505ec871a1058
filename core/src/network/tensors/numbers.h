#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <vector>

namespace espalier {

/// The numbers of a tensor, wherever it is.
template <class T = double>
std::vector<T> numbers_of(const at::Tensor& tensor);

/// Memory for so many numbers, from the allocator of tensors.
template <class T>
at::Tensor uninitialised(std::size_t count);

}  // namespace espalier
