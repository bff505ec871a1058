#pragma once

#include <functional>

namespace espalier {

/// How further parameters of a one-shot optimizer learn (OneShotOptimizer::add_parameters()). The defaults
/// are those of the architecture parameters in DARTS (Liu 2019), but for the weight decay.
struct ParameterOptions {
  enum class Method { adam, sgd };
  /// What moves the parameters.
  enum class Moved {
    with_architecture,  ///< architecture_step(), by the gradient of the loss that the architecture sees
    with_weights,       ///< weight_step(), by the gradient of the loss that the weights see
    on_request          ///< move_parameters(), by whatever gradient they have then
  };

  Moved moved = Moved::with_architecture;
  Method method = Method::adam;
  double learning_rate = 3e-4;
  double weight_decay = 0.0;  ///< how much of each parameter is added to its gradient
  double clip = 0.0;          ///< the largest norm of the group's gradient; 0: no limit
  double beta1 = 0.5;         ///< of Adam
  double beta2 = 0.999;       ///< of Adam
  double epsilon = 1e-8;      ///< of Adam
  double momentum = 0.9;      ///< of SGD
  /// The factor of the learning rate in an epoch, which counts from 0, of so many epochs; 1 where it is
  /// empty.
  std::function<double(int epoch, int epochs)> schedule = {};
};

}  // namespace espalier
