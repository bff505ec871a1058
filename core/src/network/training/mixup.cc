#include "espalier/network/training/mixup.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "random/shuffle.h"

namespace espalier {
namespace {

/// The logarithm of a number from Gamma(shape, 1), by Marsaglia & Tsang (2000). For a small shape the number
/// itself would often be 0.
double log_gamma_draw(double shape, Rng& rng) {
  if (shape < 1.0) {
    const double more = log_gamma_draw(shape + 1.0, rng);
    return more + std::log1p(-rng.uniform()) / shape;
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double x = rng.normal();
    const double v = std::pow(1.0 + c * x, 3.0);
    if (v <= 0.0) continue;
    if (std::log1p(-rng.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return std::log(d * v);
  }
}

}  // namespace

Mixing draw_mixing(double alpha, std::size_t images, Rng rng) {
  const double one = log_gamma_draw(alpha, rng);
  const double other = log_gamma_draw(alpha, rng);
  Mixing mixing{.share = 1.0 / (1.0 + std::exp(other - one)), .partners = {}};
  mixing.partners.resize(images);
  std::iota(mixing.partners.begin(), mixing.partners.end(), 0U);
  shuffle(mixing.partners, rng);
  return mixing;
}

}  // namespace espalier
