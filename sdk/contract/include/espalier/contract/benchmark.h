#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/contract/companion.h"
#include "espalier/contract/register.h"
#include "espalier/contract/rule.h"
#include "espalier/plugin/export.h"

namespace espalier::contract {

/// How a benchmark is tested.
struct BenchmarkCase {
  std::vector<std::filesystem::path> plugin_path = {};  ///< searched before ESPALIER_PLUGIN_PATH
  std::string options = {};                             ///< in YAML
  std::string label = {};  ///< the name of the suite; empty means the plugin's name
  Companion space = {};    ///< empty means the first of spaces(), or a space of the suite if that is empty
  Companion dataset = {};  ///< empty means none
  std::size_t architectures = 20;  ///< how many each rule looks up
};

ESPALIER_EXPORT std::vector<Rule> benchmark_rules(const std::string& name, const BenchmarkCase& how);

inline bool register_benchmark(const char* file, int line, const std::string& name,
                               const BenchmarkCase& how = {}) {
  return register_rules("BenchmarkContract/" + (how.label.empty() ? name : how.label),
                        benchmark_rules(name, how), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_BENCHMARK_CONTRACT(my_benchmark, {.space = {"nasbench201"}});
#define ESPALIER_BENCHMARK_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_benchmark, #name __VA_OPT__(, ) __VA_ARGS__)
