#include <fmt/format.h>

#include <span>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "space/conditions.h"

namespace espalier {
namespace {

template <class Check>
bool passes(const Check& check) {
  try {
    check();
    return true;
  } catch (const UsageError&) {
    return false;
  }
}

}  // namespace

void SearchSpace::check_indices(const Architecture& architecture) const {
  const std::span<const Architecture::Index> chosen = architecture.choices();
  if (chosen.size() != candidate_counts_.size()) {
    throw UsageError({.what = fmt::format("an architecture of {} choices", architecture.size()),
                      .where = fmt::format("search space \"{}\"", name()),
                      .expected = fmt::format("{} choices", choices_.size())});
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] < candidate_counts_[i]) continue;
    throw UsageError({.what = fmt::format("candidate {} at {}", architecture[i], choices_[i].name),
                      .where = fmt::format("search space \"{}\"", name()),
                      .expected = fmt::format("0 to {}", choices_[i].candidates.size() - 1)});
  }
}

void SearchSpace::check(const Architecture& architecture) const {
  check_indices(architecture);
  for (std::size_t i = 0; conditions_ && i < choices_.size(); ++i) {
    if (architecture[i] == 0 || conditions_->is_active(i, architecture)) continue;
    throw UsageError(
        {.what = fmt::format("candidate {} at {}, which is not active", architecture[i], choices_[i].name),
         .where = fmt::format("search space \"{}\"", name()),
         .expected = "candidate 0, as canonical() gives it"});
  }
  call_plugin(*this, "check()", [&] { check_impl(architecture); });
}

bool SearchSpace::is_valid(const Architecture& architecture) const {
  return passes([&] { check(architecture); });
}

bool SearchSpace::accepts(const Architecture& architecture) const {
  return passes([&] { check_impl(architecture); });
}

bool SearchSpace::is_active(std::size_t choice, const Architecture& architecture) const {
  return !conditions_ || conditions_->is_active(choice, architecture);
}

Architecture SearchSpace::canonical(const Architecture& architecture) const {
  check_indices(architecture);
  return call_plugin(*this, "canonical()", [&] { return canonical_impl(architecture); });
}

Architecture SearchSpace::canonical_impl(const Architecture& architecture) const {
  Architecture form = architecture;
  for (std::size_t i = 0; conditions_ && i < choices_.size(); ++i)
    if (!conditions_->is_active(i, architecture)) form.set(i, 0);
  return form;
}

}  // namespace espalier
