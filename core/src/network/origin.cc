#include "origin.h"

#include <ATen/ATen.h>

#include <utility>

#include "affine_pixels.h"

namespace espalier {

template <class T>
at::Tensor hand_on(DeferredGradient* deferred, InputGradient factors, const at::Tensor& g,
                   const at::Tensor& x, const at::Tensor& into) {
  if (deferred != nullptr) {
    deferred->value = x;
    deferred->factors = std::move(factors);
    return g;
  }
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

template at::Tensor hand_on<float>(DeferredGradient*, InputGradient, const at::Tensor&, const at::Tensor&,
                                   const at::Tensor&);
template at::Tensor hand_on<double>(DeferredGradient*, InputGradient, const at::Tensor&, const at::Tensor&,
                                    const at::Tensor&);

}  // namespace espalier
