#pragma once

#include "rules/rule_list.h"
#include "space/search_space_case.h"

namespace espalier::contract {

/// What a space promises of neighbours() and mutate().
void add_neighbour_rules(RuleList<SearchSpaceTrial>& rules);

}  // namespace espalier::contract
