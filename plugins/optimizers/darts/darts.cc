#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <memory>
#include <vector>

#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/plugin/plugin.h"

using namespace espalier;

namespace {

/// Weighs every candidate by the softmax of the architecture parameters.
class Softmax final : public OpWeighting {
 public:
  explicit Softmax(at::Tensor alpha) : alpha_(std::move(alpha)) {}
  std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
  at::Tensor weights() override { return at::softmax(alpha_, 0); }

 private:
  at::Tensor alpha_;
};

/// DARTS (Liu et al., 2019).
class Darts final : public OneShotOptimizer {
 public:
  explicit Darts(const Config& config)
      : OneShotOptimizer(config),
        second_order_(config.integer("order", 1,
                                     "the order of the architecture gradient; 2 differentiates through a "
                                     "training step, which takes four times as long",
                                     between(1, 2)) == 2) {}

 protected:
  std::shared_ptr<OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t) override {
    return std::make_shared<Softmax>(alpha);
  }

  BatchResult architecture_gradient_impl(const Batch& train, const Batch& validation) override {
    return second_order_ ? unrolled_gradient(train, validation) : backward(validation);
  }

 private:
  /// The gradient of the validation loss at w' = w - ξ ∇w L_train(w, α), the weights after one training step,
  /// through that step (equations 7 and 8 of the paper):
  ///
  ///     ∇α L_val(w', α) - ξ ∇²α,w L_train(w, α) ∇w' L_val(w', α)
  ///
  /// The product with the second derivatives is a central difference of ∇α L_train at w ± ε ∇w' L_val.
  BatchResult unrolled_gradient(const Batch& train, const Batch& validation) {
    const std::vector<at::Tensor> before = copies();
    set_trainable(/*weights=*/true, /*architecture=*/true);
    backward(train);
    move_weights(weight_steps(), -learning_rate());
    clear_gradients();
    const BatchResult result = backward(validation);
    const std::vector<at::Tensor> direct = take_gradients(alphas());
    const std::vector<at::Tensor> at_weights = take_gradients(weights());
    restore(before);

    const double radius = 0.01 / norm(at_weights);
    set_trainable(/*weights=*/false, /*architecture=*/true);
    const auto gradient_at = [&](double by) {
      move_weights(at_weights, by);
      backward(train);
      restore(before);
      return take_gradients(alphas());
    };
    const std::vector<at::Tensor> above = gradient_at(radius);
    const std::vector<at::Tensor> below = gradient_at(-radius);
    for (std::size_t i = 0; i < alphas().size(); ++i)
      alphas()[i].mutable_grad() = direct[i] - (above[i] - below[i]) * (learning_rate() / (2.0 * radius));
    return result;
  }

  std::vector<at::Tensor> copies() const {
    std::vector<at::Tensor> all;
    for (const at::Tensor& weight : weights()) all.push_back(weight.detach().clone());
    return all;
  }

  void restore(const std::vector<at::Tensor>& values) {
    const at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < values.size(); ++i) weights()[i].copy_(values[i]);
  }

  void move_weights(const std::vector<at::Tensor>& directions, double by) {
    const at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < directions.size(); ++i)
      if (directions[i].defined()) weights()[i].add_(directions[i], by);
  }

  std::vector<at::Tensor> take_gradients(const std::vector<at::Tensor>& parameters) {
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& parameter : parameters) {
      gradients.push_back(parameter.grad());
      parameter.mutable_grad().reset();
    }
    return gradients;
  }

  static double norm(const std::vector<at::Tensor>& tensors) {
    double squares = 0.0;
    for (const at::Tensor& tensor : tensors)
      if (tensor.defined()) squares += tensor.square().sum().item<double>();
    return std::sqrt(squares);
  }

  bool second_order_;
};

}  // namespace

ESPALIER_OPTIMIZER(darts, Darts, "1.0.0")
