// For a given budget, a greedy walk ends each segment at the narrowest place, the one that the fewest numbers
// cross, within reach of the budget. As the best budget is not known, many are tried, from the whole network
// down to one number, each four fifths of the one before, and the cheapest cuts win (after algorithm 3 of
// Chen et al., 2016, which tries a grid of budgets).
#include "plan/memory/plan_segments.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>

namespace espalier {
namespace {

/// How many numbers of one image are alive at each place of a plan.
class Liveness {
 public:
  explicit Liveness(const Plan& plan) : plan_(plan), last_(plan.graph.nodes.size(), 0) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
      for (const int value : plan.steps[i].inputs)
        if (value != LayerGraph::kInput) last_[static_cast<std::size_t>(value)] = i;
    const auto leaves = [&](int value) {
      if (value != LayerGraph::kInput) last_[static_cast<std::size_t>(value)] = plan.steps.size();
    };
    leaves(plan.output);
    if (plan.auxiliary_output) leaves(*plan.auxiliary_output);

    std::vector<std::int64_t> freed(plan.steps.size() + 1, 0);
    std::int64_t alive = 0;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      across_.push_back(alive - freed[i]);
      std::int64_t output = 0;
      for (const int value : plan.steps[i].outputs) {
        output += size(value);
        // What nothing reads is freed right after its step.
        const std::size_t gone = std::max(last_[static_cast<std::size_t>(value)], i) + 1;
        if (gone < freed.size()) freed[gone] += size(value);
      }
      alive = across_.back() + output;
      outputs_.push_back(output);
    }
  }

  /// The numbers that are alive just before a step.
  std::int64_t across(std::size_t step) const { return across_[step]; }
  /// The numbers that a step outputs.
  std::int64_t output_of(std::size_t step) const { return outputs_[step]; }
  /// Whether `step` or a later one reads a value, or the value leaves the network.
  bool is_read_from(int value, std::size_t step) const {
    return last_[static_cast<std::size_t>(value)] >= step;
  }

 private:
  std::int64_t size(int value) const {
    return plan_.graph.nodes[static_cast<std::size_t>(value)].shape.elements();
  }

  const Plan& plan_;
  std::vector<std::size_t> last_;      ///< by node: the last step that reads it
  std::vector<std::int64_t> across_;   ///< by step
  std::vector<std::int64_t> outputs_;  ///< by step
};

struct Cuts {
  std::vector<std::size_t> begins = {0};
  std::int64_t cost = 0;  ///< the numbers that cross a cut, and those of the largest segment
};

/// Once the outputs of a segment exceed `budget`, it ends at the narrowest place before they exceed twice as
/// much.
Cuts cut(const Liveness& liveness, std::size_t steps, std::int64_t budget) {
  Cuts cuts;
  std::int64_t largest = 0;
  for (std::size_t begin = 0; begin < steps;) {
    std::size_t end = steps;
    std::int64_t output = 0;
    std::int64_t within = 0;
    for (std::size_t next = begin; next < steps && output <= 2 * budget;) {
      output += liveness.output_of(next++);
      if (output < budget || next == steps) continue;
      if (end != steps && liveness.across(next) >= liveness.across(end)) continue;
      end = next;
      within = output;
    }
    if (end != steps) {
      cuts.begins.push_back(end);
      cuts.cost += liveness.across(end);
    }
    largest = std::max(largest, end == steps ? output : within);
    begin = end;
  }
  cuts.cost += largest;
  return cuts;
}

}  // namespace

std::vector<PlanSegment> plan_segments(const Plan& plan) {
  const Liveness liveness(plan);
  const std::size_t steps = plan.steps.size();
  std::int64_t all = 0;
  for (std::size_t i = 0; i < steps; ++i) all += liveness.output_of(i);
  Cuts best{.cost = std::numeric_limits<std::int64_t>::max()};
  for (std::int64_t budget = std::max<std::int64_t>(1, all); budget > 0; budget = budget * 4 / 5) {
    Cuts cuts = cut(liveness, steps, budget);
    if (cuts.cost < best.cost) best = std::move(cuts);
  }

  std::vector<PlanSegment> segments;
  for (std::size_t s = 0; s < best.begins.size(); ++s) {
    PlanSegment segment{.begin = best.begins[s],
                        .end = s + 1 < best.begins.size() ? best.begins[s + 1] : steps,
                        .inputs = {},
                        .outputs = {}};
    std::set<int> produced;
    std::set<int> read;
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      for (const int value : plan.steps[i].inputs)
        if (!produced.contains(value)) read.insert(value);
      produced.insert(plan.steps[i].outputs.begin(), plan.steps[i].outputs.end());
    }
    segment.inputs.assign(read.begin(), read.end());
    std::copy_if(produced.begin(), produced.end(), std::back_inserter(segment.outputs),
                 [&](int value) { return liveness.is_read_from(value, segment.end); });
    segments.push_back(std::move(segment));
  }
  return segments;
}

}  // namespace espalier
