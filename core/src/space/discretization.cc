#include <fmt/format.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"

// The way back from a relaxation: from weights to an architecture.
namespace espalier {

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
  Architecture architecture = Architecture::zeros(choices_.size());
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    const auto largest = std::ranges::max_element(weights[i]);
    architecture.set(i, static_cast<std::size_t>(largest - weights[i].begin()));
  }
  return architecture;
}

}  // namespace espalier
