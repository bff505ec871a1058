#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "espalier/plan/layer_graph.h"
#include "espalier/space/search_space.h"

namespace espalier::contract {

/// The network of one architecture, as it is trained from scratch.
LayerGraph network_of(const SearchSpace& space, const Architecture& architecture);

/// A network as text. Equal texts mean the same network, under the same names.
std::string listing(const LayerGraph& layers);

/// Tells which networks are equal whatever their layers are called and in whatever order they stand: those of
/// isomorphic cells. The inputs of a layer have no order, because weights can be arranged to fit any.
class NetworkForms {
 public:
  /// Equal for equal networks.
  std::vector<int> of(const LayerGraph& layers);

 private:
  /// A number for each layer together with all that enters it.
  std::map<std::pair<std::string, std::vector<int>>, int> known_;
};

}  // namespace espalier::contract
