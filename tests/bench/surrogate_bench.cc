#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "espalier/host/host.h"
#include "espalier/random/random.h"

// Queries of the surrogate nasbench301, of other architectures each time. A search asks with values().
namespace espalier {
namespace {

class Surrogate {
 public:
  explicit Surrogate(std::size_t architectures) {
    Rng rng(0, "bench");
    for (std::size_t i = 0; i < architectures; ++i) architectures_.push_back(space_->sample(rng));
  }

  const Benchmark& operator*() const { return *benchmark_; }
  const Benchmark* operator->() const { return benchmark_.get(); }
  const std::vector<Architecture>& architectures() const { return architectures_; }
  const Architecture& next() { return architectures_[next_++ % architectures_.size()]; }

 private:
  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("darts");
  std::unique_ptr<Benchmark> benchmark_ = host_.benchmark("nasbench301", *space_);
  std::vector<Architecture> architectures_;
  std::size_t next_ = 0;
};

constexpr std::size_t kArchitectures = 10'000;

void surrogate_queries(benchmark::State& state, const Query& query) {
  Surrogate surrogate(kArchitectures);
  for (auto _ : state) benchmark::DoNotOptimize(surrogate->query(surrogate.next(), query));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(surrogate_queries, accuracy, Query{});
BENCHMARK_CAPTURE(surrogate_queries, accuracy_after_10_epochs,
                  Query{.metric = "validation_accuracy", .epoch = 10});
BENCHMARK_CAPTURE(surrogate_queries, seconds, Query{.metric = "train_seconds"});
BENCHMARK_CAPTURE(surrogate_queries, deviation, Query{.metric = "accuracy_deviation"});

/// What a search asks of each trial: the objective, and the cost where a budget or a curve needs it.
void surrogate_values(benchmark::State& state, const std::vector<Query>& queries) {
  Surrogate surrogate(kArchitectures);
  std::vector<Lookup> lookups;
  for (const Query& query : queries) lookups.push_back(surrogate->resolve(query));
  std::vector<double> values(lookups.size());
  for (auto _ : state) {
    surrogate->values(surrogate.next(), lookups, values);
    benchmark::DoNotOptimize(values.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(surrogate_values, accuracy, {{}});
BENCHMARK_CAPTURE(surrogate_values, accuracy_and_seconds, {{}, {.metric = "train_seconds"}});

void surrogate_batch(benchmark::State& state) {
  const Surrogate surrogate(1'000'000);
  for (auto _ : state) benchmark::DoNotOptimize(surrogate->query(surrogate.architectures()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(surrogate.architectures().size()));
}
BENCHMARK(surrogate_batch)->Unit(benchmark::kMillisecond);

void load_surrogate(benchmark::State& state) {
  host::Host host;
  const auto space = host.search_space("darts");
  for (auto _ : state) benchmark::DoNotOptimize(host.benchmark("nasbench301", *space));
}
BENCHMARK(load_surrogate)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace espalier
