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
  std::vector<std::filesystem::path> plugin_path = {};  ///< before ESPALIER_PLUGIN_PATH and Espalier's own
  std::string options = {};                             ///< in YAML
  std::string label = {};                               ///< of the suite; the plugin's name unless given
  Companion space = {};    ///< the first that it knows unless given, the suite's own where it knows any
  Companion dataset = {};  ///< none unless given
  std::size_t architectures = 20;  ///< that are looked up, as often as there are rules
};

ESPALIER_EXPORT std::vector<Rule> benchmark_rules(const std::string& name, const BenchmarkCase& tested);

inline bool register_benchmark(const char* file, int line, const std::string& name,
                               const BenchmarkCase& tested = {}) {
  return register_rules("BenchmarkContract/" + (tested.label.empty() ? name : tested.label),
                        benchmark_rules(name, tested), file, line);
}

}  // namespace espalier::contract

/// ESPALIER_BENCHMARK_CONTRACT(my_benchmark, {.space = {"nasbench201"}});
#define ESPALIER_BENCHMARK_CONTRACT(name, ...) \
  ESPALIER_CONTRACT(register_benchmark, #name __VA_OPT__(, ) __VA_ARGS__)
