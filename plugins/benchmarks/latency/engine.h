#pragma once

#include <memory>
#include <string>

#include "espalier/plan/layer_graph.h"

/// What runs networks and times them. Each engine is a file of its own; nothing else of the benchmark knows
/// how a network is run, and tests have an engine whose times are known. All functions are [one-thread].
class Engine {
 public:
  /// A network that is ready to run, with weights of its own.
  class Loaded {
   public:
    virtual ~Loaded() = default;
    /// Runs one batch and returns how long that took, in milliseconds.
    virtual double run() = 0;
  };

  virtual ~Engine() = default;
  /// Makes a trained network of `layers` ready to run.
  virtual std::unique_ptr<Loaded> load(const espalier::LayerGraph& layers) = 0;
  /// What a measured time depends on beside the network: "libtorch, 1 image, 1 thread, CPU time".
  virtual std::string describe() const = 0;
  /// Whether another program runs the networks, which has to be found and whose version counts.
  virtual bool is_another_program() const { return false; }
  /// The versions of that program, "ONNX Runtime 1.32.0, Python 3.11.2"; starts it. Empty where there is
  /// none.
  virtual std::string versions() { return {}; }
};
