#include <ATen/ATen.h>
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "espalier/host/host.h"
#include "espalier/host/yaml.h"
#include "espalier/network/execution.h"
#include "espalier/network/one_shot_optimizer.h"

// One search step (validation and training, forward and backward) of the supernets at 32×32: NAS-Bench-201
// and DARTS with batches of 64, hierarchical with batches of 10. Each side is a process of its own, for the
// allocator and the peak of the memory are a process's; they take turns, one step at a time.
namespace espalier {
namespace {

struct Step {
  double seconds;
  double page_faults;
  double peak_mib;
};

struct SideName {
  std::string space;
  std::string optimizer;
  bool reference;
  friend auto operator<=>(const SideName&, const SideName&) = default;
};

double page_faults() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_minflt);
}

double peak_mib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

Batch random_batch(const CompileOptions& options, std::int64_t size) {
  at::Tensor images = at::randn({size, 3, 32, 32});
  if (options.channels_last) images = images.contiguous(at::MemoryFormat::ChannelsLast);
  return {.images = images, .labels = at::randint(0, 10, {size}, at::kLong)};
}

/// The child: takes a step for every byte that it reads.
[[noreturn]] void work(const SideName& name, int input, int output) {
  host::Host host;
  const auto space = host.search_space(name.space);
  const auto plugin = host.optimizer(name.optimizer);
  auto& optimizer = dynamic_cast<OneShotOptimizer&>(*plugin);
  const ConfigValue options =
      host::parse_yaml(name.reference ? "compile: {reference: true}" : "compile: {}", "supernet_bench");
  const CompileOptions compile = Execution(Config(options)).start();
  optimizer.adapt(*space, 0);
  optimizer.begin(compile, {});
  optimizer.begin_epoch(0);
  const std::int64_t size = name.space == "hierarchical" ? 10 : 64;
  const Batch train = random_batch(compile, size);
  const Batch validation = random_batch(compile, size);
  for (char byte = 0; ::read(input, &byte, 1) == 1;) {
    const double faults = page_faults();
    const auto begin = std::chrono::steady_clock::now();
    optimizer.step(train, validation);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    const Step step{.seconds = took.count(), .page_faults = page_faults() - faults, .peak_mib = peak_mib()};
    if (::write(output, &step, sizeof step) != sizeof step) break;
  }
  std::_Exit(0);
}

class Side {
 public:
  explicit Side(const SideName& name) {
    int to_child[2];
    int from_child[2];
    if (::pipe(to_child) != 0 || ::pipe(from_child) != 0) std::abort();
    if (::fork() == 0) {
      ::close(to_child[1]);  // or the child would never see the end
      work(name, to_child[0], from_child[1]);
    }
    output_ = to_child[1];
    input_ = from_child[0];
    for (int warm_up = 0; warm_up < 3; ++warm_up) step();
  }

  Step step() const {
    Step result{};
    if (::write(output_, "s", 1) != 1 || ::read(input_, &result, sizeof result) != sizeof result)
      std::abort();
    return result;
  }

 private:
  int output_ = -1;
  int input_ = -1;
};

void search_step(benchmark::State& state, const SideName& name) {
  static std::map<SideName, Side> sides;
  const Side& side = sides.try_emplace(name, name).first->second;
  Step last{};
  for (auto _ : state) {
    last = side.step();
    state.SetIterationTime(last.seconds);
  }
  state.counters["page_faults"] = last.page_faults;
  state.counters["peak_MiB"] = last.peak_mib;
}

#define ESPALIER_SIDE(space, optimizer, side, reference)                                                \
  BENCHMARK_CAPTURE(search_step, space##_##optimizer##_##side, SideName{#space, #optimizer, reference}) \
      ->Unit(benchmark::kMillisecond)                                                                   \
      ->UseManualTime()                                                                                 \
      ->Iterations(1)
#define ESPALIER_SIDES(space, optimizer)            \
  ESPALIER_SIDE(space, optimizer, reference, true); \
  ESPALIER_SIDE(space, optimizer, compiled, false)

ESPALIER_SIDES(nasbench201, darts);
ESPALIER_SIDES(nasbench201, gdas);
ESPALIER_SIDES(darts, darts);
ESPALIER_SIDES(darts, gdas);
ESPALIER_SIDES(hierarchical, darts);
ESPALIER_SIDES(hierarchical, gdas);

}  // namespace
}  // namespace espalier
