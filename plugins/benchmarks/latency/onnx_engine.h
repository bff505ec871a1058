#pragma once

#include <memory>

#include "engine.h"
#include "engine_options.h"

/// ONNX Runtime on the CPU, in a Python that runs beside this program.
std::unique_ptr<Engine> make_onnx_engine(const EngineOptions& options);
