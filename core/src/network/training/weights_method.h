#pragma once

#include <nlohmann/json_fwd.hpp>
#include <variant>
#include <vector>

#include "espalier/network/compile/network.h"
#include "espalier/network/training/scratch_options.h"
#include "training/gradient_descent.h"

namespace espalier {

/// What moves the weights of a network in a training from scratch, and its state in checkpoints.
class WeightsMethod {
 public:
  WeightsMethod(const Network& network, const ScratchOptions& options);

  const std::vector<at::Tensor>& parameters() const { return parameters_; }
  void step(double learning_rate);
  /// Adds its state to a checkpoint.
  void save(const Network& network, nlohmann::json& state);
  /// Throws Error or nlohmann::json::exception when the checkpoint is damaged or of the other optimizer.
  void load(const nlohmann::json& state, const Network& network);

 private:
  std::vector<at::Tensor> parameters_;
  std::variant<Sgd, Adam> method_;
};

}  // namespace espalier
