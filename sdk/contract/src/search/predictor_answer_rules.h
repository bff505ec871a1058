#pragma once

#include "rules/rule_list.h"
#include "search/predictor_under_test.h"

namespace espalier::contract {

/// What a predictor promises about its predictions: that they are always the same.
void add_predictor_answer_rules(RuleList<PredictorUnderTest>& rules);

}  // namespace espalier::contract
