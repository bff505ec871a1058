#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

#include "espalier/network/one_shot/parameter_options.h"
#include "training/gradient_descent.h"

namespace espalier {

/// Parameters of a one-shot optimizer that learn in the same way: the architecture parameters, or a group
/// that the optimizer added.
class ParameterGroup {
 public:
  /// Throws Error unless the parameters are leaves of floating point numbers.
  ParameterGroup(std::string name, std::vector<at::Tensor> parameters, ParameterOptions options);

  const std::string& name() const { return name_; }
  const std::vector<at::Tensor>& parameters() const { return parameters_; }
  ParameterOptions::Moved moved() const { return options_.moved; }
  bool has_gradient() const;
  void set_trainable(bool trainable);
  void clear_gradients();

  /// The learning rates of steps are those of this epoch.
  void begin_epoch(int epoch, int epochs);
  /// One step by the gradient that the parameters have.
  void step();

  nlohmann::json save() const;
  void load(const nlohmann::json& state);

 private:
  std::string name_;
  std::vector<at::Tensor> parameters_;
  ParameterOptions options_;
  std::variant<Adam, Sgd> method_;
  double learning_rate_;
};

}  // namespace espalier
