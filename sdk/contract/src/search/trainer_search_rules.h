#pragma once

#include "rules/rule_list.h"
#include "search/trainer_under_test.h"

namespace espalier::contract {

/// What a trainer promises about search(), for cases that name a search.
void add_search_rules(RuleList<TrainerUnderTest>& rules);

}  // namespace espalier::contract
