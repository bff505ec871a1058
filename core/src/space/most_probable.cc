#include "espalier/space/most_probable.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "espalier/errors/errors.h"
#include "space/combinations.h"

namespace espalier {

namespace {

/// The weights in which one combination stands out. The other candidates keep their order, for a space whose
/// discretization has a rule of its own.
std::vector<std::vector<double>> sharpened(std::vector<std::vector<double>> weights,
                                           const std::vector<std::size_t>& chosen) {
  constexpr double kOther = 1e-9;
  for (std::size_t choice = 0; choice < weights.size(); ++choice) {
    const double largest = *std::ranges::max_element(weights[choice]);
    for (double& weight : weights[choice]) weight *= kOther;
    weights[choice][chosen[choice]] = largest;
  }
  return weights;
}

}  // namespace

Architecture most_probable(const SearchSpace& space, const std::vector<std::vector<double>>& weights,
                           const std::function<bool(const Architecture&)>& allowed) {
  Architecture found = space.discretize(weights);
  if (allowed(found)) return found;
  constexpr std::size_t kMost = 100'000;
  constexpr int kLooks = 10 * static_cast<int>(kMost);
  Combinations combinations(weights, Combinations::Zero::impossible);
  // Combinations that differ in what has no effect are one architecture, which is asked about once.
  std::unordered_set<Architecture> refused = {found};
  for (int i = 0; i < kLooks && refused.size() < kMost && !combinations.empty(); ++i) {
    found = space.discretize(sharpened(weights, combinations.next()));
    if (!refused.insert(found).second) continue;
    if (allowed(found)) return found;
  }
  throw Error({.what = "the constraints refuse every architecture that the search could end on",
               .expected = fmt::format("one that keeps them among the {} most probable", kMost),
               .remedy = "loosen the constraints"});
}

}  // namespace espalier
