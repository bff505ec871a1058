#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace espalier {

// LibTorch's own optimizers keep their state under keys that differ between its versions. Here it is a list
// in the order of the parameters, which a checkpoint can name. Parameters without a gradient do not change.

/// Stochastic gradient descent with momentum.
class Sgd {
 public:
  Sgd(std::vector<at::Tensor> parameters, double momentum, double weight_decay);

  void step(double learning_rate);
  /// What step() would subtract, divided by the learning rate; undefined for parameters without a gradient.
  std::vector<at::Tensor> directions() const;

  const std::vector<at::Tensor>& parameters() const { return parameters_; }
  /// One for each parameter, undefined before its first gradient.
  std::vector<at::Tensor>& velocities() { return velocities_; }
  nlohmann::json save() const;
  void load(const nlohmann::json& state);

 private:
  at::Tensor direction(std::size_t index) const;

  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> velocities_;
  double momentum_;
  double weight_decay_;
};

/// Adam (Kingma & Ba 2015), whose weight decay is added to the gradient, or AdamW (Loshchilov & Hutter 2019),
/// where a step first shrinks each parameter by the learning rate times the weight decay.
class Adam {
 public:
  struct Options {
    double beta1 = 0.5;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.0;
    bool decoupled = false;  ///< AdamW
  };
  Adam(std::vector<at::Tensor> parameters, const Options& options);

  void step(double learning_rate);
  nlohmann::json save() const;
  void load(const nlohmann::json& state);

 private:
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> means_;
  std::vector<at::Tensor> squares_;
  std::vector<std::int64_t> steps_;  ///< of each parameter: a step without a gradient does not count
  Options options_;
};

}  // namespace espalier
