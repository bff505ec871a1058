#pragma once

#include "rule_list.h"
#include "search_space_trial.h"

namespace espalier::contract {

/// What a space promises of neighbours() and mutate().
void add_neighbour_rules(RuleList<SearchSpaceTrial>& rules);

}  // namespace espalier::contract
