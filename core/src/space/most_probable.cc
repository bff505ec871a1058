#include "espalier/space/most_probable.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"
#include "space/combinations.h"

namespace espalier {

Architecture most_probable(const SearchSpace& space, const std::vector<std::vector<double>>& weights,
                           const std::function<bool(const Architecture&)>& allowed) {
  Architecture found = space.discretize(weights);
  if (allowed(found)) return found;
  constexpr int kMost = 100'000;
  Combinations combinations(weights);
  Architecture before = found;
  for (int i = 0; i < kMost && !combinations.empty(); ++i) {
    found = space.discretize(combinations.next());
    if (found == before) continue;
    if (allowed(found)) return found;
    before = found;
  }
  throw Error({.what = "the constraints refuse every architecture that the search could end on",
               .expected = fmt::format("one that keeps them among the {} most probable", kMost),
               .remedy = "loosen the constraints"});
}

}  // namespace espalier
