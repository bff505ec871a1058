#include "espalier/plan/memory_forecast.h"

#include <boost/range/adaptor/reversed.hpp>
#include <cstddef>
#include <vector>

#include "plan/live_tensors.h"
#include "plan/plan_segments.h"

namespace espalier {
namespace {

std::int64_t inference(const Plan& plan, std::int64_t batch) {
  LiveTensors tensors(plan, batch);
  for (const PlanStep& step : plan.steps) tensors.run(step, /*keep=*/false);
  return tensors.peak();
}

std::int64_t training(const Plan& plan, std::int64_t batch) {
  LiveTensors tensors(plan, batch);
  for (const PlanStep& step : plan.steps) tensors.run(step, /*keep=*/true);
  for (const PlanStep& step : boost::adaptors::reverse(plan.steps)) tensors.run_backward(step);
  return tensors.peak();
}

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

PlanMemory plan_memory(const Plan& plan, std::int64_t batch, std::int64_t bytes_per_number) {
  const std::int64_t images = batch * plan.graph.input.elements();
  const auto bytes = [&](std::int64_t numbers) { return (images + numbers) * bytes_per_number; };
  return {.weights = plan.graph.parameters() * bytes_per_number,
          .inference = bytes(inference(plan, batch)),
          .training = bytes(training(plan, batch)),
          .recomputed = bytes(recomputed(plan, batch))};
}

}  // namespace espalier
