#include "numbers.h"

#include <ATen/ATen.h>

namespace espalier {

std::vector<double> numbers_of(const at::Tensor& tensor) {
  const at::Tensor numbers = tensor.detach().to(at::kCPU, at::kDouble).contiguous();
  return {numbers.data_ptr<double>(), numbers.data_ptr<double>() + numbers.numel()};
}

}  // namespace espalier
