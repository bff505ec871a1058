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

// One search step (validation and training, forward and backward) of the NAS-Bench-201 supernet, batch 64,
// 32×32. Each side is a process of its own, for the allocator and the peak of the memory are a process's;
// they take turns, one step at a time.
namespace espalier {
namespace {

struct Step {
  double seconds;
  double page_faults;
  double peak_mib;
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

Batch random_batch(const CompileOptions& options) {
  at::Tensor images = at::randn({64, 3, 32, 32});
  if (options.channels_last) images = images.contiguous(at::MemoryFormat::ChannelsLast);
  return {.images = images, .labels = at::randint(0, 10, {64}, at::kLong)};
}

/// The child: takes a step for every byte that it reads.
[[noreturn]] void work(const std::string& name, bool reference, int input, int output) {
  host::Host host;
  const auto space = host.search_space("nasbench201");
  const auto plugin = host.optimizer(name);
  auto& optimizer = dynamic_cast<OneShotOptimizer&>(*plugin);
  const ConfigValue options =
      host::parse_yaml(reference ? "compile: {reference: true}" : "compile: {}", "supernet_bench");
  const CompileOptions compile = Execution(Config(options)).start();
  optimizer.adapt(*space, 0);
  optimizer.begin(compile, {});
  optimizer.begin_epoch(0);
  const Batch train = random_batch(compile);
  const Batch validation = random_batch(compile);
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
  Side(const std::string& name, bool reference) {
    int to_child[2];
    int from_child[2];
    if (::pipe(to_child) != 0 || ::pipe(from_child) != 0) std::abort();
    if (::fork() == 0) {
      ::close(to_child[1]);  // or the child would never see the end
      work(name, reference, to_child[0], from_child[1]);
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

void search_step(benchmark::State& state, const std::string& name, bool reference) {
  static std::map<std::pair<std::string, bool>, Side> sides;
  const Side& side = sides.try_emplace({name, reference}, name, reference).first->second;
  Step last{};
  for (auto _ : state) {
    last = side.step();
    state.SetIterationTime(last.seconds);
  }
  state.counters["page_faults"] = last.page_faults;
  state.counters["peak_MiB"] = last.peak_mib;
}

#define ESPALIER_SIDE(optimizer, side, reference)                           \
  BENCHMARK_CAPTURE(search_step, optimizer##_##side, #optimizer, reference) \
      ->Unit(benchmark::kMillisecond)                                       \
      ->UseManualTime()                                                     \
      ->Iterations(1)

ESPALIER_SIDE(darts, reference, true);
ESPALIER_SIDE(darts, compiled, false);
ESPALIER_SIDE(gdas, reference, true);
ESPALIER_SIDE(gdas, compiled, false);

}  // namespace
}  // namespace espalier
