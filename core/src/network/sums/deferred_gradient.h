#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "sums/batch_norm_transform.h"
#include "sums/moments.h"

namespace espalier {

/// The gradient of a value x that several steps read. In a supernet these are many: each candidate of each
/// edge that leaves a node. Under autograd, every reader would write its gradient of x to memory, and
/// autograd would read them all to add them up. But for the readers that this project has kernels for, the
/// gradient has the form
///
///     a·g + b·x + c  by channel (batch_norm_transform.h),
///
/// for g the gradient of the reader's output, which is in memory anyway. So a reader only leaves a term here,
/// and the step that produced x computes the sum over all readers when its own backward pass begins: a few
/// images at a time, in cache, or as a whole (output_gradient.h). What reaches x through autograd, from
/// readers of other kinds, is one more term.
struct DeferredGradient {
  struct Term {
    at::Tensor g;           ///< in_pixels()
    std::vector<double> a;  ///< empty where it is 1
    bool spare;             ///< whether nothing else reads g, so that the sum may be written over it
  };
  std::vector<Term> terms;
  at::Tensor value;       ///< x; undefined where b is 0
  std::vector<double> b;  ///< the sums over the terms
  std::vector<double> c;

  void add(Term term, const InputGradient& factors, const at::Tensor& x);
};

/// What the step that produced a tensor knows of it, for those that read it. Both are null for a step that
/// does not keep them.
struct Producer {
  std::shared_ptr<const Moments> moments;      ///< in training, where a batch norm reads the tensor
  std::shared_ptr<DeferredGradient> gradient;  ///< for the readers' backward passes to add to
};

/// A tensor, and what the step that produced it knows of it.
struct Produced {
  at::Tensor value;
  Producer producer;
};

/// What a reader's backward pass returns to autograd as its gradient of x, a·g + b·x + c: nothing, where
/// there is a deferred gradient that it can be left to. Otherwise the gradient is written to `into`, which
/// may be x or g; or g itself is returned where it is the gradient.
template <class T>
at::Tensor hand_on(DeferredGradient* deferred, const InputGradient& factors, const at::Tensor& g,
                   const at::Tensor& x, const at::Tensor& into);

}  // namespace espalier
