#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "espalier/network/training/batch.h"

namespace espalier {

// LibTorch's own optimizers keep their state under keys that differ between its versions; here it is a list
// in the order of the parameters, which a checkpoint can name. Parameters without a gradient stay as they
// are.

/// A loss to take the gradient of, and what to report.
struct BatchLoss {
  at::Tensor loss;
  BatchResult result;
};

/// Cross entropy as a mean over `count` images, of which these are all or a part. Throws Error when it is not
/// finite.
BatchLoss cross_entropy(const at::Tensor& logits, const at::Tensor& labels, std::int64_t count);

/// Scales gradients down to a common norm of at most `limit`; 0: none.
void clip_gradients(const std::vector<at::Tensor>& parameters, double limit);

/// A learning rate that falls from `first` to `last` along half a cosine; `progress` from 0 to 1.
double cosine_annealed(double first, double last, double progress);

/// Stochastic gradient descent with momentum.
class Sgd {
 public:
  Sgd(std::vector<at::Tensor> parameters, double momentum, double weight_decay);

  void step(double learning_rate);
  /// What step() would subtract, divided by the learning rate; undefined for parameters without a gradient.
  std::vector<at::Tensor> directions() const;

  const std::vector<at::Tensor>& parameters() const { return parameters_; }
  /// By parameter; undefined before its first gradient.
  std::vector<at::Tensor>& velocities() { return velocities_; }

 private:
  at::Tensor direction(std::size_t index) const;

  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> velocities_;
  double momentum_;
  double weight_decay_;
};

/// Adam (Kingma & Ba 2015), weight decay added to the gradient.
class Adam {
 public:
  struct Options {
    double learning_rate;
    double beta1;
    double beta2;
    double weight_decay;
  };
  Adam(std::vector<at::Tensor> parameters, const Options& options);

  void step();
  nlohmann::json save() const;
  void load(const nlohmann::json& state);

 private:
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> means_;
  std::vector<at::Tensor> squares_;
  std::vector<std::int64_t> steps_;  ///< by parameter: those without a gradient do not count
  Options options_;
};

}  // namespace espalier
