// Why this room is in core although it describes what the network library does: `espalier inspect --compiled`
// forecasts the memory of a network without loading LibTorch, which alone takes most of a second and 300 MiB.
// Here are only the facts that the forecast needs: which tensors are alive when (live_tensors), in how many
// groups the gradients of filters are summed (filter_groups), and where a plan is cut for recomputation
// (plan_segments). The network library uses the last two itself.
#include "espalier/plan/memory_forecast.h"

#include <boost/range/adaptor/reversed.hpp>
#include <cstddef>
#include <vector>

#include "plan/memory/live_tensors.h"
#include "plan/memory/plan_segments.h"

namespace espalier {
namespace {

/// The peak of a pass without gradients, in numbers.
std::int64_t inference(const Plan& plan, std::int64_t batch) {
  LiveTensors tensors(plan, batch);
  for (const PlanStep& step : plan.steps) tensors.run(step, /*keep=*/false);
  return tensors.peak();
}

/// The peak of a forward and a backward pass.
std::int64_t training(const Plan& plan, std::int64_t batch) {
  LiveTensors tensors(plan, batch);
  for (const PlanStep& step : plan.steps) tensors.run(step, /*keep=*/true);
  for (const PlanStep& step : boost::adaptors::reverse(plan.steps)) tensors.run_backward(step);
  return tensors.peak();
}

/// The peak of both when nothing is kept but what enters each segment: a forward pass, and then, from the
/// last segment to the first, the segment's forward pass again and its backward pass.
std::int64_t recomputed(const Plan& plan, std::int64_t batch) {
  const std::vector<PlanSegment> segments = plan_segments(plan);
  LiveTensors tensors(plan, batch);
  for (const PlanSegment& segment : segments) {
    tensors.hold_values(segment.inputs);
    for (std::size_t i = segment.begin; i < segment.end; ++i) tensors.run(plan.steps[i], /*keep=*/false);
  }
  for (const PlanSegment& segment : boost::adaptors::reverse(segments)) {
    std::vector<int> read_later = segment.inputs;
    tensors.enter(segment.inputs);
    tensors.hold_values(segment.inputs);
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      tensors.run(plan.steps[i], /*keep=*/true);
      for (const int gone : plan.steps[i].released) std::erase(read_later, gone);
    }
    tensors.release_values(read_later);
    for (std::size_t i = segment.end; i-- > segment.begin;) tensors.run_backward(plan.steps[i]);
    tensors.release_values(segment.outputs);
    tensors.release_values(segment.inputs);
  }
  return tensors.peak();
}

}  // namespace

MemoryForecast forecast_memory(const Plan& plan, std::int64_t batch, std::int64_t bytes_per_number) {
  const std::int64_t images = batch * plan.graph.input.elements();
  const auto bytes = [&](std::int64_t numbers) { return (images + numbers) * bytes_per_number; };
  return {.weights = plan.graph.parameters() * bytes_per_number,
          .inference = bytes(inference(plan, batch)),
          .training = bytes(training(plan, batch)),
          .recomputed = bytes(recomputed(plan, batch))};
}

}  // namespace espalier
