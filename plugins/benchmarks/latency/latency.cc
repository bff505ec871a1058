#include "espalier/plugin/plugin.h"
#include "latency_benchmark.h"
#include "onnx_engine.h"
#include "torch_engine.h"

/// The latency on the machine that runs the search.
class Latency final : public LatencyBenchmark {
 public:
  explicit Latency(const espalier::Config& config)
      : LatencyBenchmark(config, {{"libtorch", make_torch_engine}, {"onnxruntime", make_onnx_engine}}) {}
};

ESPALIER_BENCHMARK(latency, Latency, "1.0.0")
