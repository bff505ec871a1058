#pragma once

#include "rules/rule_list.h"
#include "space/search_space_under_test.h"

namespace espalier::contract {

/// What a space promises about neighbours() and mutate().
void add_neighbour_rules(RuleList<SearchSpaceUnderTest>& rules);

}  // namespace espalier::contract
