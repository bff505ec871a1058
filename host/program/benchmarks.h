#pragma once

#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/search/benchmark.h"

/// What the commands that look benchmarks up have in common.
namespace espalier::program {

/// Says on standard error what a reader of the benchmark's figures has to know, unless it is among `said`,
/// and adds it there.
void say_remarks(const Benchmark& benchmark, std::vector<std::string>& said);

/// For a command line that has to name the space, because any is possible: `what` says why, `expected` of
/// what.
UsageError unnamed_space(const std::string& what, const std::string& expected);

}  // namespace espalier::program
