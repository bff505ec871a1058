#include "espalier/space/search_space.h"
#include "plan/without_head.h"

namespace espalier {
namespace {

LayerGraph network_of(const SearchSpace& space, const Architecture& architecture) {
  return flatten_without_head(space.instantiate(architecture), space.input_shape(), Purpose::evaluation);
}

}  // namespace

std::int64_t SearchSpace::parameters(const Architecture& architecture) const {
  return network_of(*this, architecture).parameters();
}

std::int64_t SearchSpace::multiply_adds(const Architecture& architecture) const {
  return network_of(*this, architecture).multiply_adds();
}

}  // namespace espalier
