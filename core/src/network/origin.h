#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "moments.h"
#include "normalisation.h"

namespace espalier {

/// The gradient of a value that one function alone reads: a·g + b·x + c by channel, g being what autograd
/// hands on and x the value. That function only says so, and the one that made the value computes it a few
/// images at a time, in cache, where it needs it: the gradient is never stored as a whole.
struct DeferredGradient {
  at::Tensor value;  ///< undefined: the gradient is g itself
  InputGradient factors;
};

/// What the step that made a value knows of it, for those that read it; null where it does not.
struct Origin {
  std::shared_ptr<const Moments> moments;      ///< in training, where a batch norm reads the value
  std::shared_ptr<DeferredGradient> gradient;  ///< to be filled in by the only reader, in its backward pass
};

/// For the reader's backward pass: what it returns to autograd as the gradient of x. Without `deferred` that
/// is the gradient, written to `into`, which may be x or g.
template <class T>
at::Tensor hand_on(DeferredGradient* deferred, InputGradient factors, const at::Tensor& g,
                   const at::Tensor& x, const at::Tensor& into);

/// A value and what is known of it.
struct Made {
  at::Tensor value;
  Origin origin;
};

}  // namespace espalier
