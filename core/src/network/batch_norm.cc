#include "batch_norm.h"

#include <ATen/ATen.h>

namespace espalier {

at::Tensor batch_norm(const at::Tensor& input, const LayerWeights& weights, bool training) {
  constexpr double momentum = 0.1;
  constexpr double epsilon = 1e-5;
  return at::batch_norm(input, weights.weight, weights.bias, weights.running_mean, weights.running_var,
                        training, momentum, epsilon, at::globalContext().userEnabledCuDNN());
}

}  // namespace espalier
