#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "espalier/contract/benchmark.h"
#include "espalier/data/dataset.h"
#include "espalier/random/random.h"
#include "espalier/search/benchmark.h"
#include "rules/plugin_under_test.h"
#include "space/small_spaces.h"

namespace espalier::contract {

/// A benchmark that is adapted to a space, and the architectures that it is asked about.
struct Adapted {
  std::unique_ptr<SearchSpace> space;
  std::unique_ptr<Dataset> dataset;
  std::unique_ptr<Benchmark> benchmark;
  std::vector<Architecture> samples;
};

struct BenchmarkUnderTest {
  BenchmarkUnderTest(const std::string& name, const BenchmarkCase& given)
      : plugin(std::make_shared<PluginUnderTest>("benchmark", name, given.plugin_path, given.options)),
        how(given) {}

  Adapted adapt() const { return adapt(plugin->make<Benchmark>()); }
  Adapted adapt(std::unique_ptr<Benchmark> benchmark) const {
    Adapted adapted{
        .space = space_for(*benchmark), .dataset = {}, .benchmark = std::move(benchmark), .samples = {}};
    if (!how.dataset.name.empty())
      adapted.dataset = plugin->host().dataset(how.dataset.name, how.dataset.options);
    adapted.benchmark->adapt(*adapted.space, adapted.dataset.get());
    for (std::size_t i = 0; i < how.architectures; ++i) {
      Rng rng(0, "contract/benchmark", i);
      adapted.samples.push_back(adapted.space->sample(rng));
    }
    return adapted;
  }

  std::shared_ptr<const PluginUnderTest> plugin;
  BenchmarkCase how;

 private:
  std::unique_ptr<SearchSpace> space_for(const Benchmark& benchmark) const {
    if (!how.space.name.empty()) return make_space(*plugin, how.space);
    const std::vector<std::string> known = benchmark.spaces();
    if (known.empty()) return make_mixed();
    return make_space(*plugin, {.name = known.front()});
  }
};

inline std::vector<std::string> names_of(const std::vector<Metric>& metrics) {
  std::vector<std::string> names;
  for (const Metric& metric : metrics) names.push_back(metric.name);
  return names;
}

inline bool is_percentage(double value) { return std::isfinite(value) && value >= 0.0 && value <= 100.0; }

}  // namespace espalier::contract
