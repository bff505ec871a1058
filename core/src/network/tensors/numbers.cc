#include "tensors/numbers.h"

#include <ATen/ATen.h>

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
  // Small tensors are read often, and a conversion by LibTorch takes longer than they do.
  if (tensor.device().is_cpu() && tensor.is_contiguous()) {
    if (tensor.scalar_type() == at::kFloat) return copied<T, float>(tensor);
    if (tensor.scalar_type() == at::kDouble) return copied<T, double>(tensor);
  }
  return copied<T, double>(tensor.detach().to(at::kCPU, at::kDouble).contiguous());
}

template std::vector<float> numbers_of<float>(const at::Tensor& tensor);
template std::vector<double> numbers_of<double>(const at::Tensor& tensor);

template <class T>
at::Tensor uninitialised(std::size_t count) {
  return at::empty({static_cast<std::int64_t>(count)}, at::CppTypeToScalarType<T>::value);
}

template at::Tensor uninitialised<float>(std::size_t);
template at::Tensor uninitialised<double>(std::size_t);

}  // namespace espalier
