#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "one_shot/parameter_group.h"
#include "training/gradient_descent.h"

namespace espalier {

class OneShotOptimizer::Impl {
 public:
  /// What moves the architecture parameters; nothing where there are none.
  explicit Impl(std::optional<ParameterOptions> options) : alpha_options(std::move(options)) {}

  /// Throws Error before compile_supernet().
  void check_compiled() const;
  bool has_moved(ParameterOptions::Moved moved) const;
  /// The learning rates of the weights and of all groups become those of an epoch.
  void set_learning_rates(int of_epoch);
  /// Moves the groups that are moved so by the gradient that backward() left. Throws PluginFailure when
  /// backward() reached something, but not one of them.
  void move(ParameterOptions::Moved moved, const Plugin& optimizer);

  std::optional<ParameterOptions> alpha_options;
  WeightTraining training;
  std::vector<at::Tensor> alphas;
  std::vector<ParameterGroup> groups;  ///< the architecture parameters first, where there are any
  std::shared_ptr<Network> network;
  std::optional<Sgd> sgd;
  double learning_rate = 0.0;
  int epoch = 0;
  bool learns_architecture = true;  ///< in this epoch
  bool ended = false;
  bool reached = true;  ///< whether the last backward() of this step, if any, had a gradient to compute
  std::uint64_t passes = 0;
  std::uint64_t steps = 0;
};

}  // namespace espalier
