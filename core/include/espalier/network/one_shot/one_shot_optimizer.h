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
#include "espalier/network/training/sgd_options.h"
#include "espalier/plugin/export.h"
#include "espalier/search/optimizer.h"

namespace espalier {

/// How the weights of a supernet are trained. The trainer decides this, not the optimizer.
struct WeightTraining {
  SgdOptions sgd;
  int accumulation = 1;  ///< into how many parts a batch is divided, to save memory
};

/// How well the supernet did on the batches of a step, before the step changed it.
struct StepResult {
  BatchResult train;
  BatchResult validation;
};

/// An optimizer that learns architecture parameters, one vector for each choice of the space, while it
/// trains the weights of a supernet (bilevel optimization, Liu 2019).
///
/// A plugin implements relax_impl(). In each step the gradient of the validation loss moves the architecture
/// parameters (Adam), and then the gradient of the training loss moves the weights (SGD).
class ESPALIER_EXPORT OneShotOptimizer : public Optimizer {
 public:
  ~OneShotOptimizer() override;

  /// [one-thread] Compiles the supernet and draws its weights. Call it once, after adapt() and before
  /// everything below.
  void compile_supernet(const CompileOptions& compile, const WeightTraining& training);
  /// [one-thread] Begins an epoch; `epoch` counts from 0. Call it after load() too.
  void begin_epoch(int epoch);
  /// [one-thread] Learns from a batch of each kind. Throws Error when a loss is not finite; the optimizer is
  /// then unusable.
  StepResult step(const Batch& train, const Batch& validation);

  /// [one-thread]
  Network& network();
  /// [one-thread] The architecture parameters, [candidates] each, in the order of the space's choices.
  const std::vector<at::Tensor>& alphas() const;
  /// [one-thread] How much each choice's candidates weigh without any randomness: the softmax of the
  /// architecture parameters.
  std::vector<std::vector<double>> strengths() const;

 protected:
  /// Reads the options that all one-shot optimizers share: those of Adam, which moves the architecture
  /// parameters.
  explicit OneShotOptimizer(const Config& config);

  /// [one-thread] The weighting of a choice by its architecture parameters, [candidates], which are on the
  /// CPU.
  virtual std::shared_ptr<OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t choice) = 0;
  /// [one-thread] Runs at the beginning of each epoch; `epoch` counts from 0.
  virtual void begin_epoch_impl(int /*epoch*/, int /*epochs*/) {}
  /// [one-thread] Computes the gradient of the architecture parameters and leaves it in them; by default the
  /// gradient of the validation loss (first order).
  virtual BatchResult architecture_gradient_impl(const Batch& train, const Batch& validation);
  Architecture final_architecture_impl() const override;

  /// A forward and a backward pass; the gradient is added to those of all tensors that require one.
  BatchResult backward(const Batch& batch);
  void set_trainable(bool weights, bool architecture);
  void clear_gradients();
  /// The weights of the network; those of candidates that did not run have no gradient.
  const std::vector<at::Tensor>& weights() const;
  /// For each weight the step that SGD would take with the gradient that it has now, momentum and weight
  /// decay included, divided by the learning rate.
  std::vector<at::Tensor> weight_steps() const;
  double learning_rate() const;
  /// How many forward passes there were so far: the index for the draws of a stochastic relaxation.
  std::uint64_t passes() const;

 private:
  void save_base(nlohmann::json& state) const final;
  void load_base(const nlohmann::json& state) final;

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace espalier
