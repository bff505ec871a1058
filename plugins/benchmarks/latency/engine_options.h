#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine.h"

/// What a time is taken by.
enum class ClockKind {
  wall,  ///< time that passes
  cpu,   ///< time that the thread computed, without that in which others had its core
};

struct EngineOptions {
  std::int64_t batch_size = 1;  ///< images in a run
  int threads = 1;
  ClockKind clock = ClockKind::cpu;
  std::string python = "python3";  ///< of an engine that needs one: a name in the search path, or a path
};

/// "1 image, 1 thread, CPU time"
std::string describe(const EngineOptions& options);

/// The engines by the names that the option `engine` takes.
using Engines =
    std::vector<std::pair<std::string, std::function<std::unique_ptr<Engine>(const EngineOptions&)>>>;
