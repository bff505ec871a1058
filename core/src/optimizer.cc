#include "espalier/optimizer.h"

#include "espalier/errors.h"

namespace espalier {

Optimizer::~Optimizer() = default;

void Optimizer::adapt(const SearchSpace& space, std::uint64_t seed) {
  if (adapted()) {
    throw Error({.what = "the optimizer \"" + name() + "\" has been adapted to a search space already",
                 .remedy = "create a new optimizer for each search"});
  }
  space_ = &space;
  seed_ = seed;
  on_adapt();
}

}  // namespace espalier
