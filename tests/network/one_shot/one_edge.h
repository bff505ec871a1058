#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "network/small_networks.h"

namespace espalier::testing {

/// One edge with a convolution, an identity and a pool between a stem and a classifier: small enough to
/// write down by hand.
class OneEdgeSpace final : public SearchSpace {
 public:
  OneEdgeSpace() : SearchSpace(definition()) { set_name("one_edge"); }

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 2).add_edge(1, 2);
    cell.edge(1, 2).set_op(Candidates{primitives::identity(),
                                      Primitive("conv", {Conv2d{.kernel = 3, .padding = 1}}),
                                      primitives::avg_pool()});
    Graph macro("macro");
    macro.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    macro.edge(1, 2).set_op(
        Primitive("stem", {Conv2d{.out_channels = 3, .kernel = 3, .padding = 1}, ReLU{}}));
    macro.edge(2, 3).set_op(cell);
    macro.edge(3, 4).set_op(primitives::classifier(4));
    return {.graph = std::move(macro), .input_shape = {3, 6, 6}};
  }
};

inline Batch batch(std::uint64_t seed) {
  return {.images = random_tensor({5, 3, 6, 6}, seed), .labels = at::tensor({0, 1, 2, 3, 0}, at::kLong)};
}

/// The network of OneEdgeSpace in plain LibTorch, with the weights that an optimizer has now and the softmax
/// of its architecture parameters.
struct OneEdgeReference {
  explicit OneEdgeReference(OneShotOptimizer& optimizer) {
    const auto parameters = optimizer.network().named_parameters();
    const auto copy = [&](const std::string& name) {
      return parameters[name].detach().clone().requires_grad_();
    };
    stem = copy("stem.conv.weight");
    conv = copy("cell_1.edge_1_2.conv.weight");
    weight = copy("classifier.linear.weight");
    bias = copy("classifier.linear.bias");
    alpha = optimizer.alphas().front().detach().clone().requires_grad_();
  }

  at::Tensor logits(const at::Tensor& images) const {
    const at::Tensor x = at::relu(at::conv2d(images, stem, {}, 1, 1));
    const at::Tensor w = at::softmax(alpha, 0);
    const at::Tensor mixed = w[0] * x + w[1] * at::conv2d(x, conv, {}, 1, 1) +
                             w[2] * at::avg_pool2d(x, 3, 1, 1, false, /*count_include_pad=*/false);
    return at::linear(mixed.mean(at::IntArrayRef{2, 3}), weight, bias);
  }
  at::Tensor loss(const Batch& data) const {
    return at::cross_entropy_loss(logits(data.images), data.labels);
  }
  std::vector<at::Tensor> weights() const { return {stem, conv, weight, bias}; }

  at::Tensor stem, conv, weight, bias, alpha;
};

/// The largest difference between two tensors.
inline double distance(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

/// The largest difference between an optimizer's weights and those of a reference.
inline double distance(OneShotOptimizer& optimizer, const OneEdgeReference& reference) {
  const OneEdgeReference now(optimizer);
  double largest = 0.0;
  for (std::size_t i = 0; i < now.weights().size(); ++i)
    largest = std::max(largest, distance(now.weights()[i], reference.weights()[i]));
  return largest;
}

}  // namespace espalier::testing
