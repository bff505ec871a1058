#include "tensors/numbers.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstddef>

namespace espalier {
namespace {

template <class T, class Number>
std::vector<T> copied(const at::Tensor& tensor) {
  const Number* const begin = tensor.data_ptr<Number>();
  return {begin, begin + static_cast<std::ptrdiff_t>(tensor.numel())};
}

}  // namespace

template <class T>
std::vector<T> numbers_of(const at::Tensor& tensor) {
  // Small tensors are read often, and LibTorch would take longer to convert them than to compute with them.
  if (tensor.device().is_cpu() && tensor.is_contiguous()) {
    if (tensor.scalar_type() == at::kFloat) return copied<T, float>(tensor);
    if (tensor.scalar_type() == at::kDouble) return copied<T, double>(tensor);
  }
  return copied<T, double>(tensor.detach().to(at::kCPU, at::kDouble).contiguous());
}

template std::vector<float> numbers_of<float>(const at::Tensor& tensor);
template std::vector<double> numbers_of<double>(const at::Tensor& tensor);

at::Tensor tensor_of(const std::vector<double>& values, const at::TensorOptions& options) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, options);
  if (tensor.scalar_type() == at::kDouble)
    std::copy(values.begin(), values.end(), tensor.data_ptr<double>());
  else
    std::transform(values.begin(), values.end(), tensor.data_ptr<float>(),
                   [](double value) { return static_cast<float>(value); });
  return tensor;
}

template <class T>
at::Tensor uninitialized(std::size_t count) {
  return at::empty({static_cast<std::int64_t>(count)}, at::CppTypeToScalarType<T>::value);
}

template at::Tensor uninitialized<float>(std::size_t);
template at::Tensor uninitialized<double>(std::size_t);

}  // namespace espalier
