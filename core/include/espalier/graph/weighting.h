#pragma once

#include <cstddef>
#include <optional>

#include "espalier/plugin/export.h"

namespace espalier {

/// How a relaxed edge weighs its candidates. The graph only carries the weighting: the weights themselves,
/// tensors through which gradients flow, belong to the network library (OpWeighting).
class ESPALIER_EXPORT Weighting {
 public:
  virtual ~Weighting();
  /// [any-thread] The number of candidates.
  virtual std::size_t size() const = 0;
  /// [one-thread] The index of the only candidate that is active; nothing when several are.
  virtual std::optional<std::size_t> selected() const = 0;
};

}  // namespace espalier
