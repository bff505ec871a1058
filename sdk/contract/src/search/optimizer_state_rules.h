#pragma once

#include "rules/rule_list.h"
#include "search/optimizer_under_test.h"

namespace espalier::contract {

/// What an optimizer promises of save() and load().
void add_state_rules(RuleList<OptimizerUnderTest>& rules);

}  // namespace espalier::contract
