#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "espalier/plan/plan.h"
#include "plan/memory/storages.h"

namespace espalier {

/// The tensors of a pass over a plan as they come and go. It retraces what the network library does with
/// memory, and must change with it: which tensors a step allocates, which it saves for its backward pass,
/// which gradients share their memory or are written over a value, and which a reader defers to the step that
/// produced its input (network/sums/deferred_gradient.h).
class LiveTensors {
 public:
  LiveTensors(const Plan& plan, std::int64_t batch);

  /// The most numbers that were alive at any moment.
  std::int64_t peak() const { return storages_.peak(); }

  /// Runs a step; with `keep`, it saves what its backward pass needs.
  void run(const PlanStep& step, bool keep);
  /// The backward pass of a step that was run with `keep`.
  void run_backward(const PlanStep& step);

  /// From now on the values of `nodes` have entered from outside: their producers are not there to compute
  /// their gradients.
  void enter(const std::vector<int>& nodes) { entered_ = nodes; }
  void hold_values(const std::vector<int>& nodes);
  void release_values(const std::vector<int>& nodes);

 private:
  using Id = Storages::Id;
  /// A term of the gradient of a value that a reader leaves to the value's producer.
  struct Deferred {
    Id gradient;
    Id value;    ///< kNone where the term does not depend on the value
    bool spare;  ///< whether the producer may write the sum over `gradient`
    bool whole;  ///< whether the term is `gradient` itself
  };

  const Layer& layer(int node) const { return plan_.graph.nodes[static_cast<std::size_t>(node)].layer; }
  std::int64_t size(int node) const {
    return batch_ * plan_.graph.nodes[static_cast<std::size_t>(node)].shape.elements();
  }
  Id& value(int node) { return values_[static_cast<std::size_t>(node)]; }
  Id& gradient(int node) { return gradients_[static_cast<std::size_t>(node)]; }

  /// The values that a step saves for its backward pass.
  std::vector<int> saved(const PlanStep& step) const;
  /// Whether the gradient of an activation follows from its output.
  bool is_of_output(const PlanStep& step) const;
  /// How many numbers a step computes on the way to its output and saves beside values.
  std::int64_t unnamed(const PlanStep& step) const;
  /// What the backward pass of a step allocates beside the gradient of an input, and frees at once.
  std::int64_t scratch(const PlanStep& step, int input) const;
  /// What the backward pass of a fan-out sums the gradients of its filters in.
  std::int64_t filter_sums(const PlanStep& step) const;
  bool is_pool(int node) const;
  /// Whether the producer of a value computes its gradient from the terms that its readers defer.
  bool takes_deferred(int node) const;
  /// Whether the producer of a value does not need the value in its backward pass.
  bool forgets(int node) const;
  /// What a step's backward pass does about the gradient of one of its inputs.
  void run_backward(const PlanStep& step, int input);
  void run_backward_of_sum(const PlanStep& step, int input, bool deferred);
  /// A gradient becomes that of a value, or is added to the one that is there.
  void accumulate_gradient(Id storage, int node);
  /// The terms that were deferred to the producer of a value become one gradient.
  void sum_deferred(int node);
  void release_deferred(int node);

  const Plan& plan_;
  std::int64_t batch_;
  Storages storages_;
  std::vector<Id> values_;                       ///< by node
  std::vector<Id> gradients_;                    ///< by node
  std::vector<const PlanStep*> producers_;       ///< by node
  std::vector<int> entered_;                     ///< nodes
  std::vector<std::vector<Deferred>> deferred_;  ///< by node, the terms of its gradient
};

}  // namespace espalier
