#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "espalier/plan/plan.h"

namespace espalier {

/// The tensors of a pass over a plan as they come and go, in numbers of one image: what each step makes,
/// keeps for its backward pass and frees, and whose memory a gradient shares or takes.
class LiveTensors {
 public:
  LiveTensors(const Plan& plan, std::int64_t batch);

  std::int64_t peak() const { return peak_; }

  void run(const PlanStep& step, bool keep);
  /// Of a step that was run with `keep`.
  void run_backward(const PlanStep& step);

  /// From now on these came from elsewhere: the steps that made them are not there.
  void enter(const std::vector<int>& nodes) { entered_ = nodes; }
  void hold_values(const std::vector<int>& nodes);
  void release_values(const std::vector<int>& nodes);

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Storage {
    int holders;
    std::int64_t size;
  };
  /// What a reader leaves to the step that made a value.
  struct Deferred {
    std::size_t gradient;
    std::size_t value;  ///< kNone where the gradient does not depend on it
    bool spare;         ///< the memory of `gradient` may become that of the sum
    bool whole;         ///< it is the gradient as it is
  };

  const Layer& layer(int node) const { return plan_.graph.nodes[static_cast<std::size_t>(node)].layer; }
  std::int64_t size(int node) const {
    return batch_ * plan_.graph.nodes[static_cast<std::size_t>(node)].shape.elements();
  }
  std::size_t& value(int node) { return values_[static_cast<std::size_t>(node)]; }
  std::size_t& gradient(int node) { return gradients_[static_cast<std::size_t>(node)]; }

  void add(std::int64_t numbers);
  void make(std::size_t& storage, std::int64_t numbers);
  void hold(std::size_t storage);
  void release(std::size_t storage);

  /// What the backward pass of a source sums the gradients of its filters in.
  std::int64_t filter_sums(const PlanStep& step) const;
  /// What a step keeps for its backward pass.
  std::vector<int> saved(const PlanStep& step) const;
  bool is_pool(int node) const;
  /// Whether the step that made a value computes its gradient by itself, from what its readers leave it.
  bool defers(int node) const;
  /// Whether the step that made a value never looks at it again.
  bool forgets(int node) const;
  /// What a step's backward pass makes of the gradient of one of its inputs.
  void run_backward(const PlanStep& step, int input);
  /// A gradient becomes that of a value, or is added to the one that is there.
  void take_gradient(std::size_t storage, int node);
  /// What was deferred to the sum that made a value becomes one gradient.
  void gather_deferred(int node);
  void release_deferred(int node);

  const Plan& plan_;
  std::int64_t batch_;
  std::vector<std::size_t> values_;      ///< by node: its storage
  std::vector<std::size_t> gradients_;   ///< the same
  std::vector<const PlanStep*> makers_;  ///< by node
  std::vector<int> entered_;
  std::vector<std::vector<Deferred>> deferred_;  ///< by node, of its gradient
  std::vector<Storage> storages_;
  std::int64_t alive_ = 0;
  std::int64_t peak_ = 0;
};

}  // namespace espalier
