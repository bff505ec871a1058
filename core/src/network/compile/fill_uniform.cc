#include "espalier/network/compile/fill_uniform.h"

#include <ATen/ATen.h>

namespace espalier {

void fill_uniform(const at::Tensor& tensor, double bound, Rng& rng) {
  const at::Tensor values = at::empty(tensor.sizes(), at::kDouble);
  auto* numbers = values.data_ptr<double>();
  for (std::int64_t i = 0; i < values.numel(); ++i) numbers[i] = (2.0 * rng.uniform() - 1.0) * bound;
  tensor.copy_(values);
}

}  // namespace espalier
