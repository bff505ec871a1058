#include "origin.h"

#include <ATen/ATen.h>

#include <algorithm>
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
  const auto fill = [](const std::vector<double>& from, std::vector<T>& to) {
    std::transform(from.begin(), from.end(), to.begin(),
                   [](double number) { return static_cast<T>(number); });
  };
  fill(factors.a, sum.add(gradient));
  if (!factors.b.empty()) {
    fill(factors.b, sum.add(pixels_of<T>(x)));
    fill(factors.c, sum.offset());
  }
  sum.write(into);
  return into;
}

template at::Tensor hand_on<float>(DeferredGradient*, InputGradient, const at::Tensor&, const at::Tensor&,
                                   const at::Tensor&);
template at::Tensor hand_on<double>(DeferredGradient*, InputGradient, const at::Tensor&, const at::Tensor&,
                                    const at::Tensor&);

}  // namespace espalier
