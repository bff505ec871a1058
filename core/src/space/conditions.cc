#include "space/conditions.h"

#include <algorithm>
#include <map>
#include <utility>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

Nesting without(const Nesting& nesting, std::size_t choice) {
  Nesting rest;
  std::ranges::copy_if(nesting, std::back_inserter(rest),
                       [&](const Taken& taken) { return taken.choice != choice; });
  return rest;
}

/// Nestings that differ only in the candidate of one choice, and name all of its candidates, say nothing
/// about it: {A=1, B=2} or {A=2, B=2} is {B=2} where A has these two candidates. Returns whether there were
/// any.
bool merge(std::set<Nesting>& nestings, const std::vector<std::size_t>& candidates) {
  std::map<std::pair<std::size_t, Nesting>, std::set<std::size_t>> named;
  for (const Nesting& nesting : nestings)
    for (const Taken& taken : nesting)
      named[{taken.choice, without(nesting, taken.choice)}].insert(taken.candidate);
  bool changed = false;
  for (const auto& [key, found] : named)
    if (found.size() == candidates[key.first]) changed |= nestings.insert(key.second).second;
  return changed;
}

/// What holds where a shorter nesting holds says nothing of its own.
void absorb(std::set<Nesting>& nestings) {
  const std::set<Nesting> all = nestings;
  std::erase_if(nestings, [&](const Nesting& nesting) {
    return std::ranges::any_of(all, [&](const Nesting& shorter) {
      return shorter.size() < nesting.size() && std::ranges::includes(nesting, shorter);
    });
  });
}

}  // namespace

Conditions::Conditions(std::vector<std::set<Nesting>> nestings, const std::vector<std::size_t>& candidates)
    : nestings_(std::move(nestings)) {
  for (std::set<Nesting>& of_choice : nestings_) {
    do absorb(of_choice);
    while (merge(of_choice, candidates));
    empty_ = empty_ && of_choice.contains({});
  }
  // Whoever has no parents left that are not placed yet is next.
  std::vector<bool> placed(nestings_.size(), false);
  while (order_.size() < nestings_.size()) {
    const std::size_t before = order_.size();
    for (std::size_t choice = 0; choice < nestings_.size(); ++choice) {
      const std::set<std::size_t> all = parents(choice);
      if (placed[choice] || !std::ranges::all_of(all, [&](std::size_t parent) { return placed[parent]; }))
        continue;
      placed[choice] = true;
      order_.push_back(choice);
    }
    if (order_.size() == before)
      throw Error({.what = "two choices each lie within candidates of the other",
                   .remedy = "nest a clone, which has choices of its own, where a copy closes the circle"});
  }
}

bool Conditions::is_active(std::size_t choice, const Architecture& architecture) const {
  return std::ranges::any_of(nestings_[choice], [&](const Nesting& nesting) {
    return std::ranges::all_of(
        nesting, [&](const Taken& taken) { return architecture[taken.choice] == taken.candidate; });
  });
}

std::set<std::size_t> Conditions::parents(std::size_t choice) const {
  std::set<std::size_t> parents;
  for (const Nesting& nesting : nestings_[choice])
    for (const Taken& taken : nesting) parents.insert(taken.choice);
  return parents;
}

}  // namespace espalier
