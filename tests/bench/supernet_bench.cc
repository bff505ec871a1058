#include <ATen/ATen.h>
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <torch/optim/sgd.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "espalier/host/config/yaml.h"
#include "espalier/host/host.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/one_shot/inherited_accuracy.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/network/one_shot/single_path.h"
#include "espalier/space/search_space.h"

// At 32×32: one search step (validation and training, forward and backward) of the supernets, NAS-Bench-201
// and DARTS with batches of 64, hierarchical with batches of 10; and with batches of 64 one step of ENAS's
// controller, the judgment of one architecture as the benchmark `supernet` makes it, and one step of a
// training from scratch, in the middle of its drop path's schedule. Each side is a process of its own, for
// the allocator and the peak of the memory are a process's; they take turns, one step at a time. Where steps
// draw architectures, both sides of a row draw the same ones.
namespace espalier {
namespace {

struct Step {
  double seconds;
  double cpu_seconds;  ///< of all threads
  double page_faults;
  double peak_mib;
};

struct SideName {
  std::string space;
  std::string optimizer;  ///< or "controller", "judge", "scratch"
  bool reference;
  friend auto operator<=>(const SideName&, const SideName&) = default;
};

/// Unlike the time on the clock, it does not count while other programs have the core.
double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

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

/// 2,048 images that the weights learn from, and as many that they do not, in batches of 64.
SearchImages search_images(host::Host& host, const CompileOptions& options) {
  const auto dataset = host.dataset("synthetic", "{image_size: 32, classes: 10, train_size: 4096}");
  return {ImageOptions{}.divide(*dataset, /*seed=*/0), LoaderOptions::from(options)};
}

/// What a published architecture of each space is.
std::string architecture_of(const std::string& space) {
  if (space == "nasbench201")
    return "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|";
  return "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', "
         "1), "
         "('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], "
         "normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), "
         "('max_pool_3x3', 1), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), "
         "('max_pool_3x3', 1)], reduce_concat=[2, 3, 4, 5])";
}

std::unique_ptr<Optimizer> optimizer_of(host::Host& host, const std::string& name) {
  if (name == "controller") return host.optimizer("enas", "{controller_steps: 10000}");
  return host.optimizer(name, name == "pc_darts" ? "{warm_up_epochs: 0}" : "");
}

/// Steps of a search, by an optimizer, or of ENAS's controller, each with 20 rewards.
class Search {
 public:
  Search(host::Host& host, const SideName& name, const CompileOptions& options)
      : space_(host.search_space(name.space)),
        plugin_(optimizer_of(host, name.optimizer)),
        is_controller_(name.optimizer == "controller"),
        images_(search_images(host, options)) {
    optimizer().adapt({.space = *space_, .seed = 0});
    optimizer().compile_supernet(options, {});
    optimizer().begin_epoch(0);
    const std::int64_t size = name.space == "hierarchical" ? 10 : 64;
    train_ = random_batch(options, size);
    validation_ = random_batch(options, size);
  }

  void step() {
    if (is_controller_)
      optimizer().end_epoch(images_);
    else
      optimizer().step(train_, validation_);
  }

 private:
  OneShotOptimizer& optimizer() { return dynamic_cast<OneShotOptimizer&>(*plugin_); }

  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Optimizer> plugin_;
  bool is_controller_;
  SearchImages images_;
  Batch train_;
  Batch validation_;
};

/// The accuracy of random architectures, another one in each step, with the weights of a supernet.
class Judge {
 public:
  Judge(host::Host& host, const SideName& name, const CompileOptions& options)
      : space_(host.search_space(name.space)), path_(*space_), images_(search_images(host, options)) {
    network_ = compile(path_.supernet(), space_->input_shape(), Purpose::search, options);
  }

  void step() {
    path_.take(space_->sample(rng_));
    benchmark::DoNotOptimize(InheritedAccuracy{}.measure(*network_, images_));
  }

 private:
  std::unique_ptr<SearchSpace> space_;
  SinglePath path_;
  SearchImages images_;
  std::shared_ptr<Network> network_;
  Rng rng_{0, "judge"};
};

/// Steps of the training of one architecture.
class Scratch {
 public:
  Scratch(host::Host& host, const SideName& name, const CompileOptions& options)
      : space_(host.search_space(name.space)), batch_(random_batch(options, 64)) {
    network_ = compile(space_->instantiate(space_->parse(architecture_of(name.space))), space_->input_shape(),
                       Purpose::evaluation, options);
    network_->set_drop_path(0.1);
    sgd_ = std::make_unique<torch::optim::SGD>(
        network_->parameters(), torch::optim::SGDOptions(0.025).momentum(0.9).weight_decay(3e-4));
  }

  void step() {
    network_->zero_grad();
    const Network::Outputs outputs = network_->forward_all(batch_.images);
    at::Tensor loss = at::cross_entropy_loss(outputs.logits, batch_.labels);
    if (outputs.auxiliary.defined())
      loss = loss + 0.4 * at::cross_entropy_loss(outputs.auxiliary, batch_.labels);
    loss.backward();
    sgd_->step();
  }

 private:
  std::unique_ptr<SearchSpace> space_;
  Batch batch_;
  std::shared_ptr<Network> network_;
  std::unique_ptr<torch::optim::SGD> sgd_;
};

/// Takes a step for every byte that it reads.
template <class Work>
void serve(Work&& work, int input, int output) {
  for (char byte = 0; ::read(input, &byte, 1) == 1;) {
    const double faults = page_faults();
    const double cpu = cpu_seconds();
    const auto begin = std::chrono::steady_clock::now();
    work.step();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    const Step step{.seconds = took.count(),
                    .cpu_seconds = cpu_seconds() - cpu,
                    .page_faults = page_faults() - faults,
                    .peak_mib = peak_mib()};
    if (::write(output, &step, sizeof step) != sizeof step) break;
  }
}

/// The child.
[[noreturn]] void work(const SideName& name, int input, int output) {
  host::Host host;
  const ConfigValue options =
      host::parse_yaml(name.reference ? "compile: {reference: true}" : "compile: {}", "supernet_bench");
  const CompileOptions compile = Execution(Config(options)).start();
  if (name.optimizer == "scratch")
    serve(Scratch(host, name, compile), input, output);
  else if (name.optimizer == "judge")
    serve(Judge(host, name, compile), input, output);
  else
    serve(Search(host, name, compile), input, output);
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
    ::close(from_child[1]);  // or the end of a child that died would never be seen
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
  state.counters["cpu_ms"] = 1e3 * last.cpu_seconds;
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
ESPALIER_SIDES(nasbench201, spos);
ESPALIER_SIDES(nasbench201, enas);
ESPALIER_SIDES(nasbench201, controller);
ESPALIER_SIDES(nasbench201, judge);
ESPALIER_SIDES(darts, darts);
ESPALIER_SIDES(darts, gdas);
ESPALIER_SIDES(darts, pc_darts);
ESPALIER_SIDES(darts, spos);
ESPALIER_SIDES(darts, enas);
ESPALIER_SIDES(darts, controller);
ESPALIER_SIDES(hierarchical, darts);
ESPALIER_SIDES(hierarchical, gdas);
ESPALIER_SIDES(nasbench201, scratch);
ESPALIER_SIDES(darts, scratch);

}  // namespace
}  // namespace espalier
