#pragma once

#include "rules/rule_list.h"
#include "space/search_space_under_test.h"

namespace espalier::contract {

/// What a space with the ability HasHandMade promises about the networks that people made.
void add_hand_made_rules(RuleList<SearchSpaceUnderTest>& rules);

}  // namespace espalier::contract
