#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "plugin/plugin_answer.h"
#include "space/conditions.h"

// One change to an architecture, a random one or every one that is possible: an active choice takes another
// candidate. Choices that this makes active take random candidates in a mutant. In a neighbour they take
// their first one, because all ways to set them may be millions: a motif that comes into use has many
// choices.
namespace espalier {
Architecture SearchSpace::mutate(const Architecture& architecture, Rng& rng) const {
  check(architecture);
  Architecture mutant = call_plugin(*this, "mutate()", [&] { return mutate_impl(architecture, rng); });
  check_answer(*this, "mutate()", *this, mutant);
  return mutant;
}

Architecture SearchSpace::mutate_impl(const Architecture& architecture, Rng& rng) const {
  constexpr int kDraws = 10'000;
  for (int draw = 0; draw < kDraws; ++draw) {
    Architecture mutant = changed(architecture, rng);
    if (accepts(mutant) || (take_accepted_form(mutant) && mutant != architecture)) return mutant;
  }
  const std::vector<Architecture> all = neighbours_impl(architecture);
  return all.empty() ? architecture : all[rng.below(all.size())];
}

Architecture SearchSpace::changed(const Architecture& architecture, Rng& rng) const {
  const auto open = [&](std::size_t choice) {
    return candidate_counts_[choice] > 1 && (!conditions_ || conditions_->is_active(choice, architecture));
  };
  const std::size_t count = choices_.size();
  std::size_t choices = 0;
  for (std::size_t choice = 0; choice < count; ++choice) choices += open(choice) ? 1 : 0;
  auto skip = rng.below(choices);
  std::size_t position = 0;
  while (!open(position) || skip-- > 0) ++position;

  const std::size_t other = rng.below(candidate_counts_[position] - 1);
  Architecture mutant = architecture;
  mutant.set(position, other < architecture[position] ? other : other + 1);
  if (!conditions_) return mutant;
  for (const std::size_t choice : conditions_->order()) {
    const bool active = conditions_->is_active(choice, mutant);
    if (active && !conditions_->is_active(choice, architecture))
      mutant.set(choice, rng.below(candidate_counts_[choice]));
    else if (!active)
      mutant.set(choice, 0);
  }
  return mutant;
}

std::vector<Architecture> SearchSpace::neighbours(const Architecture& architecture) const {
  check(architecture);
  return call_plugin(*this, "neighbours()", [&] { return neighbours_impl(architecture); });
}

std::vector<Architecture> SearchSpace::neighbours_impl(const Architecture& architecture) const {
  std::vector<Architecture> found;
  found.reserve(std::accumulate(candidate_counts_.begin(), candidate_counts_.end(), std::size_t{0}));
  bool may_repeat = conditions_ != nullptr;  // two changes may have one canonical form
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    if (conditions_ && !conditions_->is_active(i, architecture)) continue;
    for (std::size_t candidate = 0; candidate < candidate_counts_[i]; ++candidate) {
      if (candidate == architecture[i]) continue;
      Architecture& neighbour = found.emplace_back(architecture);
      neighbour.set(i, candidate);
      if (conditions_) neighbour = canonical_impl(neighbour);
      if (accepts(neighbour)) continue;
      may_repeat = true;
      if (!take_accepted_form(neighbour) || neighbour == architecture) found.pop_back();
    }
  }
  if (!may_repeat) return found;
  std::set<Architecture> seen;
  std::erase_if(found, [&](const Architecture& neighbour) { return !seen.insert(neighbour).second; });
  return found;
}

bool SearchSpace::take_accepted_form(Architecture& architecture) const {
  const Architecture form = canonical_impl(architecture);
  if (form == architecture || !accepts(form)) return false;
  architecture = form;
  return true;
}

}  // namespace espalier
