#pragma once

#include "rule_list.h"
#include "search_space_trial.h"

namespace espalier::contract {

/// What a space promises of its graph, scopes, hooks and networks, as far as layers without weights tell.
void add_space_graph_rules(RuleList<SearchSpaceTrial>& rules);

}  // namespace espalier::contract
