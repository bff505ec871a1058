#pragma once

#include "rules/rule_list.h"
#include "space/search_space_case.h"

namespace espalier::contract {

/// What a space promises of its numbers: how many architectures, which one, how often.
void add_counting_rules(RuleList<SearchSpaceTrial>& rules);

}  // namespace espalier::contract
