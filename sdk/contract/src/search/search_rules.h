#pragma once

#include "rules/rule_list.h"
#include "search/trainer_case.h"

namespace espalier::contract {

/// What a trainer promises of search(), for cases that name a search.
void add_search_rules(RuleList<TrainerTrial>& rules);

}  // namespace espalier::contract
