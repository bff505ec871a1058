#pragma once

#include <cstddef>

#include "espalier/plugin/export.h"

namespace espalier {

/// How a relaxed edge weighs its candidates. The graph only carries the weighting: the weights themselves,
/// tensors through which gradients flow, belong to the network library (OpWeighting).
class ESPALIER_EXPORT Weighting {
 public:
  virtual ~Weighting();
  /// [any-thread] The number of candidates.
  virtual std::size_t size() const = 0;
  /// [one-thread] Whether a candidate runs; by default all do. One that does not costs nothing: it weighs
  /// nothing, and no gradient reaches its weight.
  virtual bool runs(std::size_t /*candidate*/) const { return true; }
};

}  // namespace espalier
