#include "torch_engine.h"

#include <ATen/ATen.h>

#include <ctime>

#include "espalier/network/compile/fill_uniform.h"
#include "espalier/network/compile/network.h"
#include "espalier/random/random.h"
#include "limited_threads.h"
#include "random_network.h"

using namespace espalier;

namespace {

/// In milliseconds.
double now(ClockKind kind) {
  timespec time = {};
  ::clock_gettime(kind == ClockKind::cpu ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

class LoadedNetwork final : public Engine::Loaded {
 public:
  LoadedNetwork(const LayerGraph& layers, const EngineOptions& options)
      : options_(options), network_(random_network(layers, options.threads)) {
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
    return std::make_unique<LoadedNetwork>(layers, options_);
  }

  std::string describe() const override { return "libtorch, " + ::describe(options_); }

 private:
  EngineOptions options_;
};

}  // namespace

std::unique_ptr<Engine> make_torch_engine(const EngineOptions& options) {
  return std::make_unique<TorchEngine>(options);
}
