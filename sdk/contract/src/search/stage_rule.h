#pragma once

#include <nlohmann/json.hpp>

#include "espalier/plugin/ability.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/searches_in_stages.h"
#include "rules/expect.h"
#include "rules/rewritten.h"
#include "rules/rule_list.h"

namespace espalier::contract {

inline constexpr RuleText kPassesOnWhatItSaves = {
    "PassesOnWhatItSaves",
    "an optimizer that searches in stages passes on the same after a resume, and a stage depends only on "
    "what it took over",
    "a run in stages that was interrupted ends with other results than one that was not",
    "save_impl() must write all that pass_on() depends on, and take_over() must read all that it returned"};

/// Throws NotApplicable where the optimizer does not search in stages.
inline SearchesInStages& stage_of(Optimizer& optimizer) {
  auto* const stage = ability<SearchesInStages>(optimizer);
  if (stage == nullptr) throw NotApplicable("it does not search in stages");
  return *stage;
}

/// `begin(passed)` begins a search that has taken over what is not null; `end(search)` runs it to its end.
template <class Begin, class End>
void check_stages(const Begin& begin, const End& end) {
  using nlohmann::json;
  const auto passed_on = [&](Optimizer& optimizer) {
    return during("at the end of a stage", [&] { return rewritten(stage_of(optimizer).pass_on()); });
  };
  auto first = begin(nullptr);
  stage_of(*first);
  end(first);
  const json passed = passed_on(*first);
  auto resumed = begin(nullptr);
  resumed->load(rewritten(first->save()));
  expect(passed_on(*resumed) == passed, "saved and loaded at its end, it passes on {}, and not {}",
         passed_on(*resumed).dump(), passed.dump());
  auto next = during("given what it passed on", [&] { return begin(&passed); });
  auto again = begin(&passed);
  end(next);
  end(again);
  expect(next->save() == again->save(), "two stages that took over the same end in different states");
}

}  // namespace espalier::contract
