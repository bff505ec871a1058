#include "compile/activation.h"

#include <ATen/ATen.h>

namespace espalier {

at::Tensor activate(ActivationFunction function, const at::Tensor& input) {
  switch (function) {
    case ActivationFunction::sigmoid:
      return at::sigmoid(input);
    case ActivationFunction::hard_sigmoid:
      // (min(max(x, −3), 3) + 3)/6, because LibTorch 1.13 has no second derivative of hardsigmoid().
      return at::hardtanh(input, -3.0, 3.0).add_(3.0).div_(6.0);
    case ActivationFunction::tanh:
      return at::tanh(input);
    case ActivationFunction::silu:
      return at::silu(input);
    case ActivationFunction::hard_swish:
      return at::hardswish(input);
    case ActivationFunction::gelu:
      return at::gelu(input);
    case ActivationFunction::leaky_relu:
      return at::leaky_relu(input, 0.01);
    case ActivationFunction::elu:
      return at::elu(input);
    case ActivationFunction::relu6:
      return at::relu6(input);
  }
  return {};
}

}  // namespace espalier
