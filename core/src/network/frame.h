#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "espalier/layer_graph.h"

namespace espalier {

/// What a choice weighs in one forward pass.
struct DrawnWeights {
  at::Tensor weights;           ///< [candidates], differentiable
  std::vector<double> values;   ///< the same as numbers
  std::optional<int> selected;  ///< the only candidate that weighs something
};

/// One forward pass: the tensors alive, and who needs what.
struct Frame {
  at::Tensor images;
  std::vector<at::Tensor> values;  ///< by node of the graph
  std::vector<char> needed;        ///< by node of the graph
  std::vector<DrawnWeights> drawn;
  std::vector<int> drawn_of;  ///< by node of the graph: its entry in `drawn`, or -1
  bool training = false;
  std::optional<double> drop_path;
  at::Generator random;  ///< of dropout, on the CPU whatever the device

  const at::Tensor& value(int node) const {
    return node == LayerGraph::kInput ? images : values[static_cast<std::size_t>(node)];
  }
  void set(int node, at::Tensor tensor) { values[static_cast<std::size_t>(node)] = std::move(tensor); }
  bool needs(int node) const { return needed[static_cast<std::size_t>(node)] != 0; }
  const DrawnWeights& weights_of(int weighted_sum) const {
    return drawn[static_cast<std::size_t>(drawn_of[static_cast<std::size_t>(weighted_sum)])];
  }
};

}  // namespace espalier
