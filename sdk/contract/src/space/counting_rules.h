#pragma once

#include "rules/rule_list.h"
#include "space/search_space_under_test.h"

namespace espalier::contract {

/// What a space promises about its numbers: how many architectures it has, which index each has, and how
/// often a sample gives each.
void add_counting_rules(RuleList<SearchSpaceUnderTest>& rules);

}  // namespace espalier::contract
