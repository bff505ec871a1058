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
  automatic,  ///< where the free memory would not suffice otherwise
  never,
  always
};

/// How compile() turns a graph into a network.
struct CompileOptions {
  PlanOptions passes;
  bool channels_last = true;  ///< the memory format of activations: much faster on a CPU, slower on a GPU
  bool winograd = true;       ///< computes 3×3 convolutions with fewer multiplications, where that is faster
  Recompute recompute = Recompute::automatic;
  at::Device device = at::kCPU;
  at::ScalarType dtype = at::kFloat;
  std::uint64_t seed = 0;  ///< the seed of the initial weights

  /// Layer by layer and in NCHW, as a plain LibTorch program would compute it.
  static ESPALIER_EXPORT CompileOptions reference();
};

/// An executable graph. Parameters and buffers are named after the graph
/// ("stage_1.cell_3.edge_1_3.nor_conv_3x3.conv.weight"), whatever the passes did, so that a network can load
/// what any other network of the same graph has saved.
class ESPALIER_EXPORT Network : public torch::nn::Module {
 public:
  /// Use compile(). Throws Error for a choice that nothing relaxes.
  Network(Plan plan, Purpose purpose, const CompileOptions& options);
  ~Network() override;

  /// [one-thread] [N, C, H, W] → [N, classes]. Asks each weighting once, and runs only the candidates that it
  /// selects.
  at::Tensor forward(const at::Tensor& images);

  /// What forward_all() returns.
  struct Outputs {
    at::Tensor logits;
    at::Tensor auxiliary;  ///< [N, classes] of the auxiliary head; undefined where there is none
  };
  /// [one-thread] The same with the auxiliary head, which forward() leaves out.
  Outputs forward_all(const at::Tensor& images);

  /// Draws new weights: uniformly in ±1/√fan_in for convolutions and linear layers; batch norms begin with
  /// gamma 1 and beta 0. The values of a parameter depend on the seed and its name alone.
  void initialize(std::uint64_t seed);
  /// Restarts the random numbers of dropout, so that a pass does not depend on those before it.
  void reseed(std::uint64_t seed);
  /// Overrides the probability of every DropPath layer.
  void set_drop_path(double probability);

  const Plan& plan() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Flattens `graph` for images of shape `input`, runs the passes, and gives every layer its weights.
ESPALIER_EXPORT std::shared_ptr<Network> compile(const Graph& graph, const Shape& input, Purpose purpose,
                                                 const CompileOptions& options = {});

}  // namespace espalier
