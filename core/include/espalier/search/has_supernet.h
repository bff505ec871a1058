#pragma once

#include "espalier/graph/graph.h"
#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The ability of an optimizer to train a supernet that it can show: `espalier inspect --compiled --optimizer
/// NAME` does.
class ESPALIER_EXPORT HasSupernet {
 public:
  /// [one-thread] The supernet's graph, with the optimizer's own changes, after adapt(). A search must not
  /// have begun.
  virtual Graph supernet() = 0;

 protected:
  ~HasSupernet() = default;
};

}  // namespace espalier
