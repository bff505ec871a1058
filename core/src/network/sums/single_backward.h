#pragma once

#include <ATen/core/grad_mode.h>

#include "espalier/errors/errors.h"

namespace espalier {

/// Guards the backward pass of a function that gives up what it read.
class SingleBackward {
 public:
  /// Throws Error at the second call, or when gradients of gradients are asked for.
  void begin() {
    if (spent_ || at::GradMode::is_enabled()) {
      throw Error(
          {.what = spent_ ? "a second backward pass through one forward pass"
                          : "gradients of gradients of a compiled network",
           .remedy =
               "compile the network with `fold` and `gather` off: these passes give up what they read"});
    }
    spent_ = true;
  }

 private:
  bool spent_ = false;
};

}  // namespace espalier
