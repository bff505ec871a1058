#pragma once

#include <cstddef>
#include <optional>

#include "espalier/plugin/export.h"

namespace espalier {

/// How a relaxed edge weighs its candidates. What the weights are (tensors that gradients flow
/// through) is the network library's matter; the graph carries the weighting only.
class ESPALIER_EXPORT Weighting {
 public:
  virtual ~Weighting();
  /// The number of candidates.
  virtual std::size_t size() const = 0;
  /// The one active candidate, where exactly one is.
  virtual std::optional<std::size_t> selected() const = 0;
};

}  // namespace espalier
