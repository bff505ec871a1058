#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "espalier/layers/purpose.h"
#include "espalier/plan/plan.h"
#include "espalier/plugin/export.h"

namespace espalier {

class Graph;

/// Whether training computes activations again in the backward pass instead of keeping them.
enum class Recompute {
  automatic,  ///< where the memory that is free would not suffice
  never,
  always
};

/// How compile() makes a network of a graph.
struct CompileOptions {
  PlanOptions passes;
  bool channels_last = true;  ///< the memory format of activations: much faster on a CPU, slower on a GPU
  bool winograd = true;       ///< 3×3 convolutions with fewer multiplications, where that is faster
  Recompute recompute = Recompute::automatic;
  at::Device device = at::kCPU;
  at::ScalarType dtype = at::kFloat;
  std::uint64_t seed = 0;  ///< of the initial weights

  /// Layer by layer and in NCHW: what a plain LibTorch program would compute.
  static ESPALIER_EXPORT CompileOptions reference();
};

/// A graph made executable. Parameters and buffers are named after the graph
/// ("stage_1.cell_3.edge_1_3.nor_conv_3x3.conv.weight"), whatever the passes did: what one network saved
/// another of the same graph loads.
class ESPALIER_EXPORT Network : public torch::nn::Module {
 public:
  /// Use compile(). Throws Error for a choice that nothing relaxes.
  Network(Plan plan, Purpose purpose, const CompileOptions& options);
  ~Network() override;

  /// [N, C, H, W] → [N, classes]. Asks each weighting once, runs only candidates that weigh something.
  /// Not for several threads at once.
  at::Tensor forward(const at::Tensor& images);

  /// What forward_all() gives.
  struct Outputs {
    at::Tensor logits;
    at::Tensor auxiliary;  ///< [N, classes] of the auxiliary head; undefined where there is none
  };
  /// The same, with the auxiliary head, which forward() leaves out.
  Outputs forward_all(const at::Tensor& images);

  /// New weights: convolutions and linear layers uniform in ±1/√fan_in, batch norms 1 and 0. A
  /// parameter's values depend on the seed and its name alone.
  void initialize(std::uint64_t seed);
  /// Begins the random numbers of dropout anew, so that a pass depends on nothing before it.
  void reseed(std::uint64_t seed);
  /// Overrides the probability of every DropPath layer; they have their own at first.
  void set_drop_path(double probability);

  const Plan& plan() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Flattens `graph` for images of shape `input`, runs the passes and gives every layer its weights.
ESPALIER_EXPORT std::shared_ptr<Network> compile(const Graph& graph, const Shape& input, Purpose purpose,
                                                 const CompileOptions& options = {});

}  // namespace espalier
