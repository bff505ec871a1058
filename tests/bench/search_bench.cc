#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "espalier/host/host.h"
#include "espalier/search/discrete_optimizer.h"

// What a search on a table costs: an optimizer by itself, and the steps that it is made of.
namespace espalier {
namespace {

class Search {
 public:
  Search()
      : space_(host_.search_space("nasbench201")),
        benchmark_(host_.benchmark("nasbench201", *space_)),
        objective_(*benchmark_) {}

  const SearchSpace& space() const { return *space_; }
  const ObjectiveFunction& objective() const { return objective_; }
  std::unique_ptr<Optimizer> optimizer(const std::string& name) {
    auto optimizer = host_.optimizer(name);
    optimizer->adapt(objective_.problem(0));
    return optimizer;
  }

 private:
  host::Host host_;
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Benchmark> benchmark_;
  ObjectiveFunction objective_;
};

Search& search() {
  static Search instance;
  return instance;
}

void trials(benchmark::State& state, const std::string& name) {
  const auto plugin = search().optimizer(name);
  auto& optimizer = dynamic_cast<DiscreteOptimizer&>(*plugin);
  const ObjectiveFunction& table = search().objective();
  for (auto _ : state) {
    const Trial trial = optimizer.ask();
    optimizer.tell(trial, table.outcome(trial, 0));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(trials, regularized_evolution, "regularized_evolution");
BENCHMARK_CAPTURE(trials, random_search, "random_search");
BENCHMARK_CAPTURE(trials, local_search, "local_search");

/// The discrete view of the DARTS space: genotypes, without tensors.
template <class Step>
void over_genotypes(benchmark::State& state, Step step) {
  static host::Host host;
  static const auto space = host.search_space("darts");
  Rng rng(0, "bench");
  std::vector<Architecture> architectures;
  for (int i = 0; i < 1024; ++i) architectures.push_back(space->sample(rng));
  std::size_t next = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(step(*space, architectures[next++ % architectures.size()], rng));
  state.SetItemsProcessed(state.iterations());
}

#define ESPALIER_GENOTYPE(name, expression)                                                          \
  void genotype_##name(benchmark::State& state) {                                                    \
    over_genotypes(state, [](const SearchSpace& space, const Architecture& architecture, Rng& rng) { \
      (void)space, (void)architecture, (void)rng;                                                    \
      return expression;                                                                             \
    });                                                                                              \
  }                                                                                                  \
  BENCHMARK(genotype_##name)

ESPALIER_GENOTYPE(sample, space.sample(rng));
ESPALIER_GENOTYPE(mutate, space.mutate(architecture, rng));
ESPALIER_GENOTYPE(hash, architecture.hash());
ESPALIER_GENOTYPE(print, space.to_string(architecture));

/// `step` on one architecture after another, so that no branch is learnt by heart.
template <class Step>
void over_space(benchmark::State& state, Step step) {
  const SearchSpace& space = search().space();
  const auto size = static_cast<std::uint64_t>(space.size());
  std::vector<Architecture> architectures;
  for (std::uint64_t i = 0; i < 1024; ++i) architectures.push_back(space.at(i * 7919 % size));
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(step(space, architectures[next++ % architectures.size()]));
  state.SetItemsProcessed(state.iterations());
}

void outcome(benchmark::State& state) {
  const ObjectiveFunction& table = search().objective();
  over_space(state, [&](const SearchSpace&, const Architecture& a) { return table.outcome(a); });
}
BENCHMARK(outcome);

void sample(benchmark::State& state) {
  Rng rng(0, "bench");
  over_space(state, [&](const SearchSpace& space, const Architecture&) { return space.sample(rng); });
}
BENCHMARK(sample);

void mutate(benchmark::State& state) {
  Rng rng(0, "bench");
  over_space(state, [&](const SearchSpace& space, const Architecture& a) { return space.mutate(a, rng); });
}
BENCHMARK(mutate);

void neighbours(benchmark::State& state) {
  over_space(state, [](const SearchSpace& space, const Architecture& a) { return space.neighbours(a); });
}
BENCHMARK(neighbours);

void hash(benchmark::State& state) {
  over_space(state, [](const SearchSpace&, const Architecture& a) { return a.hash(); });
}
BENCHMARK(hash);

void print(benchmark::State& state) {
  over_space(state, [](const SearchSpace& space, const Architecture& a) { return space.to_string(a); });
}
BENCHMARK(print);

void parse(benchmark::State& state) {
  const SearchSpace& space = search().space();
  const std::string text = space.to_string(space.at(6111));
  for (auto _ : state) benchmark::DoNotOptimize(space.parse(text));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse);

}  // namespace
}  // namespace espalier
