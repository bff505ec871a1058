#include "engine_options.h"

#include <fmt/format.h>

std::string describe(const EngineOptions& options) {
  return fmt::format("{} image{}, {} thread{}, {} time", options.batch_size,
                     options.batch_size == 1 ? "" : "s", options.threads, options.threads == 1 ? "" : "s",
                     options.clock == ClockKind::cpu ? "CPU" : "wall");
}
