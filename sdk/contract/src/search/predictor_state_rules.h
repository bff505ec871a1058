#pragma once

#include "rules/rule_list.h"
#include "search/predictor_under_test.h"

namespace espalier::contract {

/// What a predictor promises of save() and load().
void add_predictor_state_rules(RuleList<PredictorUnderTest>& rules);

}  // namespace espalier::contract
