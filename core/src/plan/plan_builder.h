#pragma once

#include <cstddef>
#include <vector>

#include "espalier/plan/plan.h"

namespace espalier {

/// A plan in the making: the passes, in the order in which they run.
class PlanBuilder {
 public:
  explicit PlanBuilder(LayerGraph graph);

  void drop();
  void share();
  void merge();
  void fuse();
  void gather();
  void fold();
  void remove_unread();
  Plan finish(bool release);

 private:
  const Layer& layer(int node) const { return plan_.graph.nodes[static_cast<std::size_t>(node)].layer; }
  const Shape& shape(int node) const { return plan_.graph.nodes[static_cast<std::size_t>(node)].shape; }
  template <class T>
  const T* layer_of(const PlanStep& step) const {
    return step.kind == PlanStep::Kind::layer ? layer(step.layers.front()).get_if<T>() : nullptr;
  }
  /// What stands for a tensor now.
  int resolve(int value) const;
  void replace(int value, int by) { alias_[static_cast<std::size_t>(value)] = by; }
  /// Brings the inputs of a step up to date.
  void update(PlanStep& step) const;
  /// Updates all steps and counts the readers of every tensor.
  std::vector<int> count_readers();
  /// The tensors that leave the network.
  std::vector<int> outputs() const;
  /// Erases the steps that were emptied.
  void sweep();

  Plan plan_;
  std::vector<int> alias_;  ///< by node
};

}  // namespace espalier
