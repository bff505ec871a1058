#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "espalier/plan/plan.h"
#include "sums/deferred_gradient.h"

namespace espalier {

/// The weights of a choice's candidates in one forward pass.
struct DrawnWeights {
  at::Tensor weights;          ///< [candidates], differentiable
  std::vector<double> values;  ///< the same as numbers
  std::vector<char> runs;      ///< whether the candidate runs
};

/// The state of one forward pass: the tensors that are alive, and which of them are needed.
struct Frame {
  at::Tensor images;
  std::vector<at::Tensor>
      values;  ///< by node of the graph; undefined before it is computed and once released
  std::vector<Producer> producers;  ///< by node of the graph
  std::vector<char> needed;         ///< by node of the graph
  std::vector<DrawnWeights> drawn;
  std::vector<int> drawn_of;  ///< by node of the graph: its entry in `drawn`, or -1
  bool training = false;
  std::optional<double> drop_path;
  at::Generator random;  ///< of dropout; on the CPU, whatever the network's device is

  const at::Tensor& value(int node) const {
    return node == LayerGraph::kInput ? images : values[static_cast<std::size_t>(node)];
  }
  void set(int node, at::Tensor tensor) { values[static_cast<std::size_t>(node)] = std::move(tensor); }
  void set(int node, Produced produced) {
    set(node, std::move(produced.value));
    producers[static_cast<std::size_t>(node)] = std::move(produced.producer);
  }
  Producer producer_of(int node) const {
    return node == LayerGraph::kInput ? Producer() : producers[static_cast<std::size_t>(node)];
  }
  bool needs(int node) const { return needed[static_cast<std::size_t>(node)] != 0; }
  bool needs_any(const std::vector<int>& nodes) const {
    return std::any_of(nodes.begin(), nodes.end(), [&](int node) { return needs(node); });
  }
  const DrawnWeights& weights_of(int weighted_sum) const {
    return drawn[static_cast<std::size_t>(drawn_of[static_cast<std::size_t>(weighted_sum)])];
  }
  /// Whether a term takes part in its sum: the candidates that do not run take none.
  bool takes_part(const PlanStep::Term& term) const {
    return term.weighted_sum < 0 ||
           weights_of(term.weighted_sum).runs[static_cast<std::size_t>(term.candidate)] != 0;
  }
};

}  // namespace espalier
