#pragma once

#include "rule_list.h"
#include "trainer_trial.h"

namespace espalier::contract {

/// What a trainer promises of search(), for cases that name a search.
void add_search_rules(RuleList<TrainerTrial>& rules);

}  // namespace espalier::contract
