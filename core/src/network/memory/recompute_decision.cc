#include "memory/recompute_decision.h"

#include <c10/core/ScalarType.h>

#include <atomic>

#include "espalier/plan/memory_forecast.h"
#include "memory/free_memory.h"

namespace espalier {
namespace {

std::atomic<bool> memory_was_short = false;

}  // namespace

bool memory_decided() { return memory_was_short; }

RecomputeDecision::RecomputeDecision(const Plan& plan, const CompileOptions& options)
    : plan_(plan),
      // The forecast is one of the CPU's memory, and only for its kernels.
      recompute_(options.device.is_cpu() || options.recompute == Recompute::always ? options.recompute
                                                                                   : Recompute::never),
      bytes_per_number_(static_cast<std::int64_t>(c10::elementSize(options.dtype))) {}

bool RecomputeDecision::operator()(std::int64_t batch) {
  if (recompute_ != Recompute::automatic) return recompute_ == Recompute::always;
  const auto [decided, is_new] = decided_.try_emplace(batch, false);
  if (is_new) {
    const MemoryForecast forecast = forecast_memory(plan_, batch, bytes_per_number_);
    decided->second = forecast.training + 2 * forecast.weights > free_memory();  // gradients and momentum
    if (decided->second) memory_was_short = true;
  }
  return decided->second;
}

}  // namespace espalier
