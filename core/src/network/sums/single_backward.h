#pragma once

#include <ATen/core/grad_mode.h>

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

}  // namespace espalier
