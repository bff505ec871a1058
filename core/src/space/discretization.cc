#include <fmt/format.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "space/combinations.h"

// The way back from a relaxation: from weights to an architecture.
namespace espalier {
namespace {

/// The candidate of largest weight at each choice.
Architecture largest(const std::vector<std::vector<double>>& weights) {
  Architecture architecture = Architecture::zeros(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto most = std::ranges::max_element(weights[i]);
    architecture.set(i, static_cast<std::size_t>(most - weights[i].begin()));
  }
  return architecture;
}

}  // namespace

Architecture SearchSpace::discretize(const std::vector<std::vector<double>>& weights) const {
  const bool fits = std::equal(weights.begin(), weights.end(), choices_.begin(), choices_.end(),
                               [](const std::vector<double>& of_choice, const Choice& choice) {
                                 return of_choice.size() == choice.candidates.size();
                               });
  if (!fits) {
    throw UsageError({.what = "the weights do not belong to this search space",
                      .where = fmt::format("search space \"{}\"", name()),
                      .expected = "a weight for every candidate of every choice"});
  }
  return call_plugin(*this, "discretize()", [&] { return discretize_impl(weights); });
}

Architecture SearchSpace::discretize_impl(const std::vector<std::vector<double>>& weights) const {
  Architecture found = canonical_impl(largest(weights));
  if (accepts(found)) return found;
  constexpr int kMost = 100'000;
  Combinations combinations(weights, Combinations::Zero::last);
  for (int i = 0; i < kMost && !combinations.empty(); ++i) {
    const std::vector<std::size_t> chosen = combinations.next();
    for (std::size_t choice = 0; choice < chosen.size(); ++choice) found.set(choice, chosen[choice]);
    found = canonical_impl(found);
    if (accepts(found)) return found;
  }
  throw Error({.what = fmt::format("none of the {} most probable combinations is an architecture of \"{}\"",
                                   kMost, name()),
               .remedy = "override discretize_impl() where so few combinations are architectures"});
}

}  // namespace espalier
