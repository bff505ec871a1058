#pragma once

#include <cstddef>
#include <memory>

#include "espalier/graph/graph.h"
#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/plugin/export.h"
#include "espalier/space/architecture.h"
#include "espalier/space/search_space.h"

namespace espalier {

/// A supernet that runs one architecture at a time, with the weights that all of them share (Guo et al.,
/// 2020). What the others need costs nothing.
class ESPALIER_EXPORT SinglePath {
 public:
  /// Begins with the architecture of all first candidates. `space` outlives the weightings.
  explicit SinglePath(const SearchSpace& space);

  /// [one-thread] The weighting of a choice, which runs what take() was given last.
  std::shared_ptr<OpWeighting> weighting(std::size_t choice) const;
  /// [one-thread] The supernet of the space under these weightings.
  Graph supernet() const;

  /// [one-thread] The next forward passes run this architecture. Throws UsageError unless it has an index for
  /// each choice.
  void take(const Architecture& architecture);

 private:
  const SearchSpace& space_;
  std::shared_ptr<Architecture> taken_;
};

}  // namespace espalier
