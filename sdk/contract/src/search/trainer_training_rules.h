#pragma once

#include "rules/rule_list.h"
#include "search/trainer_under_test.h"

namespace espalier::contract {

/// What a trainer promises about evaluate(), for cases that name a training.
void add_training_rules(RuleList<TrainerUnderTest>& rules);

}  // namespace espalier::contract
