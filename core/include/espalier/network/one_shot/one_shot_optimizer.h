#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "espalier/config/config.h"
#include "espalier/network/compile/network.h"
#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/network/training/batch.h"
#include "espalier/plugin/export.h"
#include "espalier/search/optimizer.h"

namespace espalier {

/// How the weights of a supernet are trained: what a trainer decides, not an optimizer.
struct WeightTraining {
  double learning_rate = 0.025;  ///< falls along a cosine
  double learning_rate_min = 0.001;
  double momentum = 0.9;
  double weight_decay = 3e-4;
  double clip = 5.0;  ///< of the gradient's norm; 0: none
  int epochs = 50;
  int accumulation = 1;  ///< a batch is computed in so many parts
};

/// What one step saw, before it changed anything.
struct StepResult {
  BatchResult train;
  BatchResult validation;
};

/// An optimizer that learns architecture parameters, one vector for each choice of the space, while it
/// trains the weights of a supernet (bilevel optimization, Liu 2019).
///
/// A plugin implements relax_impl(). In each step the gradient of the validation loss then moves the
/// architecture parameters (Adam), and that of the training loss the weights (SGD). All functions are
/// [one-thread].
class ESPALIER_EXPORT OneShotOptimizer : public Optimizer {
 public:
  ~OneShotOptimizer() override;

  /// Compiles the supernet and draws its weights. Call it once, after adapt() and before everything below.
  void compile_supernet(const CompileOptions& compile, const WeightTraining& training);
  /// Begins an epoch; `epoch` counts from 0. Call it after load() too.
  void begin_epoch(int epoch);
  /// Learns from a batch of each kind. Throws Error when a loss is not finite; the state is then of no
  /// further use.
  StepResult step(const Batch& train, const Batch& validation);

  Network& network();
  /// The architecture parameters, [candidates] each, in the order of the space's choices.
  const std::vector<at::Tensor>& alphas() const;
  /// How much each choice's candidates count, chance left out: softmax of the architecture parameters.
  std::vector<std::vector<double>> strengths() const;

 protected:
  /// Reads the options that all one-shot optimizers share: those of Adam for the architecture parameters.
  explicit OneShotOptimizer(const Config& config);

  /// The weighting of a choice from its architecture parameters, [candidates], on the CPU.
  virtual std::shared_ptr<OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t choice) = 0;
  virtual void begin_epoch_impl(int /*epoch*/, int /*epochs*/) {}
  /// Leaves the gradient of the architecture parameters in them; by default that of the validation loss
  /// (first order).
  virtual BatchResult architecture_gradient_impl(const Batch& train, const Batch& validation);
  Architecture final_architecture_impl() const override;

  /// A forward and a backward pass; the gradient is added to whatever requires one.
  BatchResult backward(const Batch& batch);
  void set_trainable(bool weights, bool architecture);
  void clear_gradients();
  /// The weights of the network; those that no candidate in use needed have no gradient.
  const std::vector<at::Tensor>& weights() const;
  /// For each weight what SGD would subtract now from its gradient, momentum and decay included.
  std::vector<at::Tensor> weight_steps() const;
  double learning_rate() const;
  /// Forward passes so far: the index of a stochastic relaxation's draw.
  std::uint64_t passes() const;

 private:
  void save_base(nlohmann::json& state) const final;
  void load_base(const nlohmann::json& state) final;

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace espalier
