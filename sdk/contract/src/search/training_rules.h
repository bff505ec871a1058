#pragma once

#include "rules/rule_list.h"
#include "search/trainer_case.h"

namespace espalier::contract {

/// What a trainer promises of evaluate(), for cases that name a training.
void add_training_rules(RuleList<TrainerTrial>& rules);

}  // namespace espalier::contract
