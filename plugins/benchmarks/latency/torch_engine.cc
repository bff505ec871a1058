#include "torch_engine.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>

#include "espalier/config/config.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/compile/fill_uniform.h"
#include "espalier/network/compile/network.h"
#include "espalier/random/random.h"

using namespace espalier;

namespace {

/// In milliseconds.
double now(ClockKind kind) {
  timespec time = {};
  ::clock_gettime(kind == ClockKind::cpu ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

/// OpenBLAS has threads of its own, which ATen does not limit.
class BlasThreads {
 public:
  int get() const { return get_ != nullptr ? get_() : 0; }
  void set(int threads) const {
    if (set_ != nullptr && get_ != nullptr) set_(threads);
  }

 private:
  int (*get_)() = reinterpret_cast<int (*)()>(::dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  void (*set_)(int) = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
};

/// The threads of LibTorch while networks are timed. Afterwards they are as before, for whatever trains in
/// this thread.
class LimitedThreads {
 public:
  explicit LimitedThreads(int threads) : before_(at::get_num_threads()), blas_before_(blas_.get()) {
    at::set_num_threads(threads);
    blas_.set(threads);
  }
  ~LimitedThreads() {
    at::set_num_threads(before_);
    blas_.set(blas_before_);
  }
  LimitedThreads(const LimitedThreads&) = delete;
  LimitedThreads& operator=(const LimitedThreads&) = delete;

 private:
  BlasThreads blas_;
  int before_;
  int blas_before_;
};

/// The initial weights shrink activations layer by layer, since batch norms have seen no batch yet: in a deep
/// network down to denormal numbers, with which the CPU computes slowly. With these weights a convolution
/// behind a ReLU keeps the variance (He et al., 2015), as the batch norms of a trained network do.
void keep_variance(Network& network) {
  constexpr std::int64_t kFilters = 4;  // dimensions
  const double scale = std::sqrt(6.0);  // from ±1/√fan_in to ±√(6/fan_in)
  for (const at::Tensor& parameter : network.parameters())
    if (parameter.dim() == kFilters) parameter.mul_(scale);
}

class LoadedNetwork final : public Engine::Loaded {
 public:
  LoadedNetwork(const LayerGraph& layers, const CompileOptions& compile, const EngineOptions& options)
      : options_(options) {
    const at::NoGradGuard no_gradients;
    network_ = std::make_shared<Network>(make_plan(layers, compile.passes), Purpose::evaluation, compile);
    network_->eval();
    keep_variance(*network_);
    const Shape& shape = layers.input;
    images_ = at::empty({options.batch_size, shape.channels, shape.height, shape.width})
                  .contiguous(at::MemoryFormat::ChannelsLast);
    Rng rng(0, "latency images");
    fill_uniform(images_, 1.0, rng);
  }

  double run() override {
    const at::NoGradGuard no_gradients;
    const LimitedThreads threads(options_.threads);
    const double begin = now(options_.clock);
    (void)network_->forward(images_);
    return now(options_.clock) - begin;
  }

 private:
  EngineOptions options_;
  std::shared_ptr<Network> network_;
  at::Tensor images_;
};

class TorchEngine final : public Engine {
 public:
  explicit TorchEngine(const EngineOptions& options) : options_(options) {}

  std::unique_ptr<Loaded> load(const LayerGraph& layers) override {
    const LimitedThreads threads(options_.threads);
    return std::make_unique<LoadedNetwork>(layers, compile_options(), options_);
  }

  std::string describe() const override {
    return fmt::format("libtorch, {} image{}, {} thread{}, {} time", options_.batch_size,
                       options_.batch_size == 1 ? "" : "s", options_.threads,
                       options_.threads == 1 ? "" : "s", options_.clock == ClockKind::cpu ? "CPU" : "wall");
  }

 private:
  /// As trained networks run, on the CPU.
  CompileOptions compile_options() const {
    const Config config(
        ConfigValue::map({{"device", ConfigValue::of("cpu")},
                          {"threads", ConfigValue::of(fmt::format("{}", options_.threads))}}));
    return Execution(config).start();
  }

  EngineOptions options_;
};

}  // namespace

std::unique_ptr<Engine> make_torch_engine(const EngineOptions& options) {
  return std::make_unique<TorchEngine>(options);
}
