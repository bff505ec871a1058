#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <vector>

#include "espalier/layers/layer.h"
#include "espalier/plugin/export.h"
#include "espalier/random/random.h"

namespace espalier {

/// What computes a plugin's own layer.
class ESPALIER_EXPORT LayerModule : public torch::nn::Module {
 public:
  ~LayerModule() override;
  /// [N, C, H, W] each.
  virtual at::Tensor forward(const std::vector<at::Tensor>& inputs) = 0;
  /// Gives every parameter and buffer its initial value, drawn from `rng` alone, whatever it was before; no
  /// gradients are recorded. Each layer of a network has an Rng of its own, of the seed and its name.
  virtual void initialize(Rng& rng) = 0;
};

/// A layer that a plugin brings and that a network can run: the counts of LayerDefinition, and a module.
class ESPALIER_EXPORT ModuleLayer : public LayerDefinition {
 public:
  ~ModuleLayer() override;
  virtual std::shared_ptr<LayerModule> make_module(std::span<const Shape> inputs, Purpose purpose) const = 0;
};

}  // namespace espalier
