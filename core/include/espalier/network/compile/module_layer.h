#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <vector>

#include "espalier/layers/layer.h"
#include "espalier/plugin/export.h"
#include "espalier/random/random.h"

namespace espalier {

/// The module that computes a plugin's own layer.
class ESPALIER_EXPORT LayerModule : public torch::nn::Module {
 public:
  ~LayerModule() override;
  /// [one-thread] Inputs and output are [N, C, H, W].
  virtual at::Tensor forward(const std::vector<at::Tensor>& inputs) = 0;
  /// [one-thread] Gives every parameter and buffer its initial value, drawn from `rng` alone (fill_uniform()
  /// does so) and independent of what it was before. Runs without recording gradients. Each layer of a
  /// network has its own Rng, made of the seed and the layer's name.
  virtual void initialize(Rng& rng) = 0;
  /// [one-thread] Whether a second call of forward() with the same inputs and parameters gives the same
  /// output, bit for bit, whatever its buffers hold, and changes nothing but buffers. `compile: {recompute:
  /// always}` computes such a layer again in the backward pass, and refuses any other.
  virtual bool is_repeatable() const { return false; }
};

/// A plugin's own layer that a network can run: the counts of LayerDefinition, and a module.
class ESPALIER_EXPORT ModuleLayer : public LayerDefinition {
 public:
  ~ModuleLayer() override;
  /// [any-thread] Makes the module of one layer of a network, for inputs of these shapes.
  virtual std::shared_ptr<LayerModule> make_module(std::span<const Shape> inputs, Purpose purpose) const = 0;
};

}  // namespace espalier
