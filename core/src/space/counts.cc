#include "espalier/plan/layer_graph.h"
#include "espalier/space/search_space.h"
#include "plan/without_head.h"

namespace espalier {

LayerGraph SearchSpace::layers(const Architecture& architecture) const {
  return flatten_without_head(instantiate(architecture), input_shape(), Purpose::evaluation);
}

std::int64_t SearchSpace::parameters(const Architecture& architecture) const {
  return layers(architecture).parameters();
}

std::int64_t SearchSpace::multiply_adds(const Architecture& architecture) const {
  return layers(architecture).multiply_adds();
}

std::int64_t SearchSpace::activation_bytes(const Architecture& architecture) const {
  return layers(architecture).activation_bytes();
}

}  // namespace espalier
