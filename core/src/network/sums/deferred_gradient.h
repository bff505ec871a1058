#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "sums/batch_norm_transform.h"
#include "sums/moments.h"

namespace espalier {

/// The gradient of a value as its readers leave it to the step that made the value: Σ a·g + b·x + c by
/// channel, a term for each reader, g being the gradient of what the reader made and x the value. The readers
/// only say so; the maker computes the sum where it needs it, a few images at a time, in cache, or at once as
/// a whole: no reader stores its own. To what has reached the maker through autograd it is added.
struct DeferredGradient {
  struct Term {
    at::Tensor g;           ///< in_pixels()
    std::vector<double> a;  ///< empty: ones
    bool spare;             ///< nothing else reads g: the sum may be written over it
  };
  std::vector<Term> terms;
  at::Tensor value;  ///< undefined: b is 0
  std::vector<double> b;
  std::vector<double> c;

  void add(Term term, const InputGradient& factors, const at::Tensor& x);
};

/// What the step that made a value knows of it, for those that read it; null where it does not.
struct Origin {
  std::shared_ptr<const Moments> moments;      ///< in training, where a batch norm reads the value
  std::shared_ptr<DeferredGradient> gradient;  ///< to be added to by the readers, in their backward passes
};

/// For a reader's backward pass: what it returns to autograd as the gradient a·g + b·x + c of x, which is
/// nothing where it is deferred. Without `deferred` the gradient is written to `into`, which may be x or g;
/// g itself is it without factors.
template <class T>
at::Tensor hand_on(DeferredGradient* deferred, const InputGradient& factors, const at::Tensor& g,
                   const at::Tensor& x, const at::Tensor& into);

/// A value and what is known of it.
struct Made {
  at::Tensor value;
  Origin origin;
};

}  // namespace espalier
