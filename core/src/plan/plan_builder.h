#pragma once

#include <vector>

#include "espalier/plan/plan.h"

namespace espalier {

/// A plan in the making. It begins with a step for each layer; the compiler's passes, each in a file of its
/// own name (fold_batch_norms.cc), then rewrite the steps in place:
///
/// - A pass that makes one tensor stand for another says so with replace(); whoever looks at the inputs of
///   steps afterwards calls refresh_inputs() or count_readers() first.
/// - A pass that no longer needs a step clears its outputs, so that pointers to other steps stay valid, and
///   ends with erase_emptied_steps().
/// - A pass leaves a note of what it did.
class PlanBuilder {
 public:
  explicit PlanBuilder(LayerGraph graph);

  void drop_identities();
  void share_layers();
  void flatten_sums();
  void fan_out();
  void fold_batch_norms();
  void merge_convolutions();
  void release_tensors();

  /// Erases the steps whose outputs no step reads, directly or through others, and that do not leave.
  void erase_unread_steps();
  Plan finish();

 private:
  const Layer& layer(int node) const { return plan_.graph.nodes[static_cast<std::size_t>(node)].layer; }
  const Shape& shape(int node) const { return plan_.graph.nodes[static_cast<std::size_t>(node)].shape; }
  /// The layer of a step that computes a single layer of kind T; null for any other step.
  template <class T>
  const T* layer_of(const PlanStep& step) const {
    return step.kind == PlanStep::Kind::layer ? layer(step.layers.front()).get_if<T>() : nullptr;
  }
  /// From now on `by` stands for the tensor `value`.
  void replace(int value, int by) { replaced_by_[static_cast<std::size_t>(value)] = by; }
  /// The tensor that stands for `value` now.
  int resolve(int value) const;
  /// Puts the tensors that stand for a step's inputs now in their places.
  void refresh_inputs(PlanStep& step) const;
  /// Refreshes the inputs of all steps and counts how often each tensor is read; leaving counts as well.
  std::vector<int> count_readers();
  /// The tensors that leave the network.
  std::vector<int> outputs() const;
  void erase_emptied_steps();

  Plan plan_;
  std::vector<int> replaced_by_;  ///< by node; the node itself where it was not replaced
};

}  // namespace espalier
