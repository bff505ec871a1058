#include <fmt/format.h>

#include <span>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"

namespace espalier {

void SearchSpace::check(const Architecture& architecture) const {
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
  call_plugin(*this, "check()", [&] { check_impl(architecture); });
}

}  // namespace espalier
