#pragma once

#include "rules/rule_list.h"
#include "search/benchmark_under_test.h"

namespace espalier::contract {

/// What a benchmark promises about its answers: that it has them, and that they are always the same.
void add_answer_rules(RuleList<BenchmarkUnderTest>& rules);

}  // namespace espalier::contract
