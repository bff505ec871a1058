#include "compile/batch_norm.h"

#include <ATen/ATen.h>

namespace espalier {

at::Tensor batch_norm(const at::Tensor& input, const LayerWeights& weights, bool training) {
  return at::batch_norm(input, weights.weight, weights.bias, weights.running_mean, weights.running_var,
                        training, kBatchNormMomentum, kBatchNormEpsilon,
                        at::globalContext().userEnabledCuDNN());
}

}  // namespace espalier
