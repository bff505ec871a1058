#include "benchmarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "espalier/search/has_remarks.h"

namespace espalier::program {

void say_remarks(const Benchmark& benchmark, std::vector<std::string>& said) {
  for (const std::string& note : remarks(benchmark)) {
    if (std::ranges::find(said, note) != said.end()) continue;
    fmt::print(stderr, "espalier: {}\n", note);
    said.push_back(note);
  }
}

UsageError unnamed_space(const std::string& what, const std::string& expected) {
  return UsageError({.what = what,
                     .where = "command line",
                     .expected = expected,
                     .remedy = "name it, e.g. --space nasbench201"});
}

}  // namespace espalier::program
