#pragma once

#include <ATen/core/Tensor.h>

#include "espalier/plugin/export.h"
#include "espalier/random/random.h"

namespace espalier {

/// Fills `tensor`, of any shape, precision and memory format, with numbers uniform in ±`bound`, element by
/// element: initial weights that depend on `rng` alone. Not while gradients of it are recorded.
ESPALIER_EXPORT void fill_uniform(const at::Tensor& tensor, double bound, Rng& rng);

}  // namespace espalier
