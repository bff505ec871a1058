#pragma once

#include "rules/rule_list.h"
#include "space/search_space_under_test.h"

namespace espalier::contract {

/// What a space promises of its graph, scopes, hooks and networks, as far as layers without weights tell.
void add_space_graph_rules(RuleList<SearchSpaceUnderTest>& rules);

}  // namespace espalier::contract
