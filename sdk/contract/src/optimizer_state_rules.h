#pragma once

#include "optimizer_trial.h"
#include "rule_list.h"

namespace espalier::contract {

/// What an optimizer promises of save() and load().
void add_state_rules(RuleList<OptimizerTrial>& rules);

}  // namespace espalier::contract
