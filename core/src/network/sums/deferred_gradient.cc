#include "sums/deferred_gradient.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "tensors/affine_pixels.h"

namespace espalier {

void DeferredGradient::add(Term term, const InputGradient& factors, const at::Tensor& x) {
  terms.push_back(std::move(term));
  if (factors.b.empty()) return;
  value = x.detach();  // without its autograd node, which holds this: they would keep each other alive
  b.resize(factors.b.size());
  c.resize(factors.c.size());
  std::transform(b.begin(), b.end(), factors.b.begin(), b.begin(), std::plus<>());
  std::transform(c.begin(), c.end(), factors.c.begin(), c.begin(), std::plus<>());
}

template <class T>
at::Tensor hand_on(DeferredGradient* deferred, const InputGradient& factors, const at::Tensor& g,
                   const at::Tensor& x, const at::Tensor& into) {
  if (deferred != nullptr) {
    deferred->add({.g = g, .a = factors.a, .spare = into.is_same(g)}, factors, x);
    return {};
  }
  if (factors.a.empty()) return g;
  const auto gradient = pixels_of<T>(g);
  AffinePixels<T> sum(gradient.channels);
  sum.add(gradient).assign(factors.a.begin(), factors.a.end());
  if (!factors.b.empty()) {
    sum.add(pixels_of<T>(x)).assign(factors.b.begin(), factors.b.end());
    sum.offset().assign(factors.c.begin(), factors.c.end());
  }
  sum.write(into);
  return into;
}

template at::Tensor hand_on<float>(DeferredGradient*, const InputGradient&, const at::Tensor&,
                                   const at::Tensor&, const at::Tensor&);
template at::Tensor hand_on<double>(DeferredGradient*, const InputGradient&, const at::Tensor&,
                                    const at::Tensor&, const at::Tensor&);

}  // namespace espalier
