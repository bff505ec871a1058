#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "espalier/contract/benchmark.h"
#include "espalier/data/dataset.h"
#include "espalier/random/random.h"
#include "espalier/search/benchmark.h"
#include "rules/tested.h"
#include "space/small_spaces.h"

namespace espalier::contract {

/// A benchmark that is open, and what it looks at.
struct Opened {
  std::unique_ptr<SearchSpace> space;
  std::unique_ptr<Dataset> dataset;
  std::unique_ptr<Benchmark> benchmark;
  std::vector<Architecture> samples;
};

struct BenchmarkTrial {
  BenchmarkTrial(const std::string& name, const BenchmarkCase& given)
      : tested(std::make_shared<Tested>("benchmark", name, given.plugin_path, given.options)), how(given) {}

  Opened open() const { return open(tested->make<Benchmark>()); }
  Opened open(std::unique_ptr<Benchmark> benchmark) const {
    Opened opened{
        .space = space_for(*benchmark), .dataset = {}, .benchmark = std::move(benchmark), .samples = {}};
    if (!how.dataset.name.empty())
      opened.dataset = tested->host().dataset(how.dataset.name, how.dataset.options);
    opened.benchmark->adapt(*opened.space, opened.dataset.get());
    for (std::size_t i = 0; i < how.architectures; ++i) {
      Rng rng(0, "contract/benchmark", i);
      opened.samples.push_back(opened.space->sample(rng));
    }
    return opened;
  }

  std::shared_ptr<const Tested> tested;
  BenchmarkCase how;

 private:
  std::unique_ptr<SearchSpace> space_for(const Benchmark& benchmark) const {
    if (!how.space.name.empty()) return make_space(*tested, how.space);
    const std::vector<std::string> known = benchmark.spaces();
    if (known.empty()) return make_mixed();
    return make_space(*tested, {.name = known.front()});
  }
};

inline bool is_percentage(double value) { return std::isfinite(value) && value >= 0.0 && value <= 100.0; }

}  // namespace espalier::contract
