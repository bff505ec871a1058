#pragma once

#include <string>
#include <string_view>

#include "espalier/data/dataset.h"
#include "espalier/files/safetensors.h"
#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"
#include "espalier/space/architecture.h"

namespace espalier {

class SearchSpace;

/// The ability of a trainer that searches to give an architecture the weights that it has in the supernet of
/// a search, so that it can be used without a training of its own.
class ESPALIER_EXPORT InheritsWeights {
 public:
  /// [any-thread] The weights of an architecture. `supernet` is what the search left
  /// (SearchResult::supernet), and `where` the name of its file, for errors. Reads the images of `dataset` on
  /// which the supernet was trained, to measure the statistics of batch norms for this architecture alone.
  /// Throws Error when the supernet belongs to another space or dataset, or is damaged.
  virtual StoredTensors inherited_weights(const SearchSpace& space, const Architecture& architecture,
                                          const Dataset& dataset, std::string_view supernet,
                                          const std::string& where) const = 0;

 protected:
  ~InheritsWeights() = default;
};

}  // namespace espalier
