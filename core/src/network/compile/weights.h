#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string>

#include "espalier/layers/purpose.h"
#include "espalier/network/compile/module_layer.h"
#include "espalier/plan/plan.h"

namespace espalier {

/// The tensors of one layer; undefined where it has none of a kind.
struct LayerWeights {
  at::Tensor weight;
  at::Tensor bias;
  at::Tensor running_mean;
  at::Tensor running_var;
  std::shared_ptr<LayerModule> module;  ///< of a plugin's own layer
};

/// Registers the tensors of every layer in `root` under the layer's name, dots making nested modules.
std::vector<LayerWeights> register_weights(torch::nn::Module& root, const LayerGraph& graph, Purpose purpose,
                                           const at::TensorOptions& options);

/// Draws the weights of every layer, each from the seed and its name alone, and resets running statistics.
void initialize_weights(const std::vector<LayerWeights>& weights, const LayerGraph& graph,
                        std::uint64_t seed);

}  // namespace espalier
