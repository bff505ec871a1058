#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "compile/frame.h"
#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/plan/layer_graph.h"

namespace espalier {

/// The weightings of a graph's weighted sums, each once, however many sums share it.
class Weightings {
 public:
  /// Throws Error for a choice that nothing relaxes. `graph` must outlive it and keeps the weightings alive.
  explicit Weightings(const LayerGraph& graph);

  /// The weights of one forward pass: asks each weighting once.
  std::vector<DrawnWeights> draw(const at::TensorOptions& options) const;
  /// By node of the graph: which of the drawn weights are its own, or -1.
  const std::vector<int>& drawn_of() const { return drawn_of_; }

 private:
  std::vector<OpWeighting*> weightings_;
  std::vector<int> drawn_of_;
};

}  // namespace espalier
