#pragma once

#include <memory>

#include "engine.h"
#include "engine_options.h"

/// Networks of LibTorch on the CPU, compiled as a trained network is, in inference.
std::unique_ptr<Engine> make_torch_engine(const EngineOptions& options);
