#include "compile/layer_norm.h"

#include <ATen/ATen.h>

namespace espalier {

// LibTorch's own layer norm sums the gradients of scale and bias by thread, so they would depend on the
// number of threads. Here each image has its own (expanded) scale and bias. Autograd then sums their
// gradients over the pixels of each image, and over the images last, and neither sum depends on how many
// threads there are.
at::Tensor layer_norm(const at::Tensor& input, const LayerWeights& weights) {
  const std::int64_t channels = input.size(1);
  const at::Tensor normalized =
      at::layer_norm(input.permute({0, 2, 3, 1}), {channels}, /*weight=*/{}, /*bias=*/{}, kLayerNormEpsilon)
          .permute({0, 3, 1, 2})
          .contiguous(input.suggest_memory_format());
  const auto of_each_image = [&](const at::Tensor& values) {
    return values.view({1, channels, 1, 1}).expand({input.size(0), channels, 1, 1});
  };
  return at::addcmul(of_each_image(weights.bias), normalized, of_each_image(weights.weight));
}

}  // namespace espalier
