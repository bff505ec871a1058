#include "random_network.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "espalier/config/config.h"
#include "espalier/network/compile/execution.h"
#include "limited_threads.h"

using namespace espalier;

namespace {

/// The initial weights shrink activations layer by layer, since batch norms have seen no batch yet: in a deep
/// network down to denormal numbers, with which the CPU computes slowly. With these weights a convolution
/// behind a ReLU keeps the variance (He et al., 2015), as the batch norms of a trained network do.
void keep_variance(Network& network) {
  constexpr std::int64_t kFilters = 4;  // dimensions
  const double scale = std::sqrt(6.0);  // from ±1/√fan_in to ±√(6/fan_in)
  for (const at::Tensor& parameter : network.parameters())
    if (parameter.dim() == kFilters) parameter.mul_(scale);
}

/// As trained networks run.
CompileOptions compile_options(int threads) {
  const Config config(ConfigValue::map(
      {{"device", ConfigValue::of("cpu")}, {"threads", ConfigValue::of(fmt::format("{}", threads))}}));
  return Execution(config).start();
}

}  // namespace

std::shared_ptr<Network> random_network(const LayerGraph& layers, int threads) {
  const LimitedThreads limited(threads);
  const CompileOptions options = compile_options(threads);
  const at::NoGradGuard no_gradients;
  auto network = std::make_shared<Network>(make_plan(layers, options.passes), Purpose::evaluation, options);
  network->eval();
  keep_variance(*network);
  return network;
}
