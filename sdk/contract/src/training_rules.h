#pragma once

#include "rule_list.h"
#include "trainer_trial.h"

namespace espalier::contract {

/// What a trainer promises of evaluate(), for cases that name a training.
void add_training_rules(RuleList<TrainerTrial>& rules);

}  // namespace espalier::contract
