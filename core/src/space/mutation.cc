#include <algorithm>

#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "plugin/plugin_answer.h"

// One change to an architecture: a random one, or every one that is possible.
namespace espalier {

Architecture SearchSpace::mutate(const Architecture& architecture, Rng& rng) const {
  check(architecture);
  Architecture mutant = call_plugin(*this, "mutate()", [&] { return mutate_impl(architecture, rng); });
  check_answer(*this, "mutate()", *this, mutant);
  return mutant;
}

Architecture SearchSpace::mutate_impl(const Architecture& architecture, Rng& rng) const {
  const auto open = [](const Choice& choice) { return choice.candidates.size() > 1; };
  auto skip = rng.below(static_cast<std::size_t>(std::ranges::count_if(choices_, open)));
  auto choice = std::ranges::find_if(choices_, open);
  for (; skip > 0; --skip) choice = std::find_if(choice + 1, choices_.end(), open);

  const auto position = static_cast<std::size_t>(choice - choices_.begin());
  const std::size_t other = rng.below(choice->candidates.size() - 1);
  Architecture mutant = architecture;
  mutant.set(position, other < architecture[position] ? other : other + 1);
  return mutant;
}

std::vector<Architecture> SearchSpace::neighbours(const Architecture& architecture) const {
  check(architecture);
  return call_plugin(*this, "neighbours()", [&] { return neighbours_impl(architecture); });
}

std::vector<Architecture> SearchSpace::neighbours_impl(const Architecture& architecture) const {
  std::vector<Architecture> found;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    for (std::size_t candidate = 0; candidate < choices_[i].candidates.size(); ++candidate) {
      if (candidate != architecture[i]) found.emplace_back(architecture).set(i, candidate);
    }
  }
  return found;
}

}  // namespace espalier
