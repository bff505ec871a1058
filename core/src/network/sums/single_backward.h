#pragma once

#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/custom_function.h>

#include "espalier/errors/errors.h"

namespace espalier {

/// Guards the backward pass of an autograd function that gives up what it saved, by writing over it for
/// example, and so can run its backward pass only once.
class SingleBackward {
 public:
  /// Throws Error at the second call, or when gradients of gradients are asked for.
  void begin() {
    if (spent_ || at::GradMode::is_enabled()) {
      throw Error({.what = spent_ ? "a second backward pass through one forward pass"
                                  : "gradients of gradients of a compiled network",
                   .remedy = "compile: {fold_batch_norms: false, fan_out: false, recompute: never} keeps "
                             "what these give up"});
    }
    spent_ = true;
  }

 private:
  bool spent_ = false;
};

/// Keeps what a forward pass leaves for its backward pass: a torch::CustomClassHolder with a SingleBackward
/// `once`.
template <class State>
void keep_state(torch::autograd::AutogradContext* context, const c10::intrusive_ptr<State>& state) {
  context->saved_data["state"] = c10::IValue::make_capsule(state);
}

/// Begins the backward pass, and returns what was kept. Throws what SingleBackward::begin() throws.
template <class State>
c10::intrusive_ptr<State> begin_backward(torch::autograd::AutogradContext* context) {
  const auto state = c10::static_intrusive_pointer_cast<State>(context->saved_data["state"].toCapsule());
  state->once.begin();
  return state;
}

}  // namespace espalier
