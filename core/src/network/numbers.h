#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace espalier {

/// All of a tensor's numbers, whatever its type and device.
std::vector<double> numbers_of(const at::Tensor& tensor);

}  // namespace espalier
