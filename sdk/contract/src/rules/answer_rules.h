#pragma once

#include "rules/rule_list.h"
#include "search/benchmark_case.h"

namespace espalier::contract {

/// What a benchmark promises of its answers: that there are some, and always the same.
void add_answer_rules(RuleList<BenchmarkTrial>& rules);

}  // namespace espalier::contract
