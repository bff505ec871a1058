#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "espalier/config/config.h"
#include "espalier/network/compile/network.h"
#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/network/one_shot/parameter_options.h"
#include "espalier/network/one_shot/search_images.h"
#include "espalier/network/training/batch.h"
#include "espalier/network/training/sgd_options.h"
#include "espalier/plugin/export.h"
#include "espalier/search/has_supernet.h"
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
  std::optional<BatchResult> validation;  ///< nothing where the step used no validation images
};

/// An optimizer that learns from a supernet while it trains the supernet's weights.
///
/// A plugin implements relax_impl(), and all else has the defaults of DARTS (Liu 2019): one vector of
/// architecture parameters for each choice, and steps in which the gradient of the validation loss moves
/// these (Adam), and then the gradient of the training loss moves the weights (SGD).
///
/// The life of a search, with the hooks in the order in which they run: adapt_impl(); begin_search_impl(),
/// relax_impl() for each choice, change_supernet_impl(); for each epoch begin_epoch_impl(),
/// learns_architecture_impl(), step_impl() for each step, and end_epoch_impl(); then finish_impl(). A
/// checkpoint, which may lie between any two of the steps and of these parts, holds the weights, all
/// parameters and what save_impl() writes; load_impl() reads that back before begin_epoch_impl() of the epoch
/// that goes on, or before the part of finish_impl() that does. The network is in training mode when
/// step_impl(), end_epoch_impl() or a part of finish_impl() begins, and learning rates are those of the last
/// epoch that began.
class ESPALIER_EXPORT OneShotOptimizer : public Optimizer, public HasSupernet {
 public:
  ~OneShotOptimizer() override;

  /// [one-thread] Compiles the supernet and draws its weights. Call it once, after adapt() and before
  /// everything below. Throws PluginFailure when the optimizer made a supernet that cannot be run.
  void compile_supernet(const CompileOptions& compile, const WeightTraining& training);
  /// [one-thread] Begins an epoch; `epoch` counts from 0. Call it after load() too.
  void begin_epoch(int epoch);
  /// [one-thread] Whether the steps of this epoch take validation images.
  bool uses_validation() const;
  /// [one-thread] Learns from a batch of each kind; `validation` may be empty unless uses_validation().
  /// Throws Error when a loss is not finite; the optimizer is then unusable.
  StepResult step(const Batch& train, const Batch& validation);
  /// [one-thread] Call it after the last step of each epoch, until it returns false: each call does a part of
  /// what the method does between two epochs, and checkpoints may lie between them.
  bool end_epoch(SearchImages& images);
  /// [one-thread] Whether the optimizer wants no further epoch.
  bool has_ended() const;
  /// [one-thread] Call it after the last epoch, until it returns false: each call does a part of what the
  /// method does at its end, and checkpoints may lie between them.
  bool finish(SearchImages& images);

  /// [one-thread]
  Network& network();
  /// [one-thread] The architecture parameters, [candidates] each, in the order of the space's choices; empty
  /// in a method that has none.
  const std::vector<at::Tensor>& alphas() const;
  /// [one-thread] How much each choice's candidates weigh without any randomness; empty where nothing weighs
  /// them.
  std::vector<std::vector<double>> strengths() const;
  /// [one-thread] What else the optimizer reports of itself after an epoch, by name.
  std::map<std::string, double> figures() const;
  /// [one-thread] Whether final_architecture() has an answer yet.
  bool has_found() const;
  Graph supernet() final;

 protected:
  /// Of a method with architecture parameters: reads the options of Adam, which moves them.
  explicit OneShotOptimizer(const Config& config);
  /// Of a method without any.
  OneShotOptimizer();

  // [one-thread] Hooks, in the order in which they run.

  /// The place to make tensors for add_parameters(). `dtype` is the type of the network's tensors, and the
  /// architecture parameters exist.
  virtual void begin_search_impl(at::ScalarType /*dtype*/) {}
  /// The weighting of a choice. `alpha` are its architecture parameters, [candidates], which are on the CPU;
  /// undefined in a method that has none.
  virtual std::shared_ptr<OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t choice) = 0;
  /// Changes the optimizer's own copy of the supernet's graph, in which each choice is a Mixed under its
  /// weighting. Every choice must still have a way to the output, and the shape of the output must stay.
  virtual void change_supernet_impl(Graph& /*supernet*/) {}
  /// `epoch` counts from 0.
  virtual void begin_epoch_impl(int /*epoch*/, int /*epochs*/) {}
  /// Whether the architecture learns in this epoch. By default it does when the optimizer has architecture
  /// parameters or others that move with them.
  virtual bool learns_architecture_impl(int epoch) const;
  /// One step. By default architecture_step() where the architecture learns in this epoch, and then
  /// weight_step().
  virtual StepResult step_impl(const Batch& train, const Batch& validation);
  /// Computes the gradient of the architecture parameters, and of the parameters that move with them, and
  /// leaves it in them; by default the gradient of the validation loss (first order).
  virtual BatchResult architecture_gradient_impl(const Batch& train, const Batch& validation);
  /// A scalar that is added to the cross entropy of every batch that a gradient is taken of: a differentiable
  /// function of `logits`, [images, classes], and a mean over the images. Undefined: nothing is added.
  virtual at::Tensor output_loss_impl(const at::Tensor& logits, const at::Tensor& labels);
  /// A scalar that is added, once in each architecture_step(), to the loss that the architecture learns from:
  /// a differentiable function of the architecture parameters or of those that move with them. Undefined:
  /// nothing is added.
  virtual at::Tensor architecture_loss_impl();
  /// One part of what the method does after an epoch, which counts from 0; false when nothing is left.
  virtual bool end_epoch_impl(int /*epoch*/, SearchImages& /*images*/) { return false; }
  /// One part of what the method does after the last epoch; false when nothing is left.
  virtual bool finish_impl(SearchImages& /*images*/) { return false; }

  // [one-thread] What the optimizer reports; any time after the search began.

  /// By default the softmax of the architecture parameters. They are reported after each epoch, and the
  /// default of final_architecture_impl() is the most probable architecture under them that is allowed.
  virtual std::vector<std::vector<double>> strengths_impl() const;
  /// Figures of the method's own, by name. By default there are none.
  virtual std::map<std::string, double> figures_impl() const { return {}; }
  /// By default true: an optimizer stands for an architecture from its first step on.
  virtual bool has_found_impl() const { return true; }
  Architecture final_architecture_impl() const override;

  // [one-thread] What steps are made of.

  /// One step of the architecture parameters, and of the parameters that move with them.
  BatchResult architecture_step(const Batch& train, const Batch& validation);
  /// One step of the weights, and of the parameters that move with them.
  BatchResult weight_step(const Batch& train);
  /// How well the network does on a batch now. No gradient is taken.
  BatchResult evaluate(const Batch& batch);
  /// Adds further parameters, which are saved and restored with the search; call it in begin_search_impl().
  /// `parameters` are leaves of floating point numbers that share their memory with what the caller keeps;
  /// `name` is unique and not "alphas". Throws Error otherwise.
  void add_parameters(const std::string& name, std::vector<at::Tensor> parameters,
                      const ParameterOptions& options = {});
  /// How the architecture parameters learn, as the config says, for parameters that are to learn alike.
  /// Throws Error in a method that has none.
  const ParameterOptions& architecture_options() const;
  /// Moves a group of parameters by the gradient that it has, and clears that. Throws Error when there is no
  /// such group, or when it has no gradient.
  void move_parameters(const std::string& name);
  /// No further epoch begins.
  void end_search();
  /// The first architecture from `draw`, which draws a new one in each call, that keeps the constraints of
  /// the search. Throws Error when they refuse 10,000 in a row.
  Architecture draw_allowed(const std::function<Architecture()>& draw) const;

  /// A forward and a backward pass; the gradient is added to those of all tensors that require one.
  BatchResult backward(const Batch& batch);
  /// Says what requires gradients: the weights, or the architecture parameters, each with the parameters that
  /// move with them. Parameters that move on request always do.
  void set_trainable(bool weights, bool architecture);
  void clear_gradients();
  /// The weights of the network; those of candidates that did not run have no gradient.
  const std::vector<at::Tensor>& weights() const;
  /// For each weight the step that SGD would take with the gradient that it has now, momentum and weight
  /// decay included, divided by the learning rate.
  std::vector<at::Tensor> weight_steps() const;
  double learning_rate() const;
  /// How many forward passes there were so far, one for each part of a batch (`accumulation`): the index for
  /// draws that each pass makes anew.
  std::uint64_t passes() const;
  /// How many steps were begun before the present one: the index for draws that all passes of a step share,
  /// into however many parts its batches are divided.
  std::uint64_t steps() const;

 private:
  /// Makes the parameters and the supernet that they weigh.
  Graph begin_search(at::ScalarType dtype);
  /// What the network makes of images in one pass.
  at::Tensor logits(const at::Tensor& images);
  void save_base(nlohmann::json& state) const final;
  void load_base(const nlohmann::json& state) final;

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace espalier
