#include <benchmark/benchmark.h>

#include "espalier/host/host.h"

// From the name of the benchmark to its first evaluation: the table is inflated, checked and parsed.
namespace espalier {
namespace {

void load_table(benchmark::State& state) {
  host::Host host;
  const auto space = host.search_space("nasbench201");
  for (auto _ : state) {
    const auto table = host.benchmark("nasbench201", *space);
    benchmark::DoNotOptimize(table->query(space->at(0)));
  }
}
BENCHMARK(load_table)->Unit(benchmark::kMillisecond);

void load_hardware_table(benchmark::State& state) {
  host::Host host;
  const auto space = host.search_space("nasbench201");
  for (auto _ : state) {
    state.PauseTiming();
    const auto table = host.benchmark("nasbench201", *space);
    state.ResumeTiming();
    benchmark::DoNotOptimize(table->query(space->at(0), {.metric = "edgegpu_latency"}));
  }
}
BENCHMARK(load_hardware_table)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace espalier
