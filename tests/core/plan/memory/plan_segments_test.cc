#include "plan/memory/plan_segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plan/memory_forecast.h"

namespace espalier {
namespace {

/// `cells` cells one behind the other, each of `width` convolutions that are summed.
Plan chain(int cells, int width) {
  Graph cell("cell");
  cell.add_node_range(1, 2 + width);
  for (int i = 2; i < 2 + width; ++i) {
    cell.add_edges({{1, i}, {i, 2 + width}});
    cell.edge(1, i).set_op(primitives::relu_conv_bn(4, 3));
  }
  Graph macro("macro");
  macro.add_node_range(1, cells + 3);
  for (int i = 1; i < cells + 3; ++i) macro.add_edge(i, i + 1);
  macro.edge(1, 2).set_op(primitives::stem(4));
  for (int i = 2; i < cells + 2; ++i) macro.edge(i, i + 1).set_op(cell.copy());
  macro.edge(cells + 2, cells + 3).set_op(primitives::classifier(5));
  return make_plan(flatten(macro, {3, 8, 8}, Purpose::search));
}

TEST(PlanSegmentsTest, FollowOneAnotherAndSayWhatCrosses) {
  const Plan plan = chain(9, 3);
  const std::vector<PlanSegment> segments = plan_segments(plan);
  ASSERT_GT(segments.size(), 2U);
  EXPECT_EQ(segments.back().end, plan.steps.size());
  std::set<int> there;
  for (std::size_t s = 0; s < segments.size(); ++s) {
    const PlanSegment& segment = segments[s];
    EXPECT_LT(segment.begin, segment.end);
    EXPECT_EQ(segment.begin, s == 0 ? 0 : segments[s - 1].end);
    for (const int value : segment.inputs)
      EXPECT_TRUE(value == LayerGraph::kInput || there.contains(value)) << "made by an earlier segment";
    std::set<int> made;
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      for (const int value : plan.steps[i].inputs)
        EXPECT_TRUE(made.contains(value) || std::ranges::count(segment.inputs, value) == 1);
      made.insert(plan.steps[i].outputs.begin(), plan.steps[i].outputs.end());
    }
    for (const int value : segment.outputs) EXPECT_TRUE(made.contains(value));
    there.insert(segment.outputs.begin(), segment.outputs.end());
  }
  EXPECT_TRUE(there.contains(plan.output));
}

TEST(PlanSegmentsTest, OnlyOneTensorCrossesBetweenCells) {
  for (const PlanSegment& segment : plan_segments(chain(16, 6))) EXPECT_EQ(segment.outputs.size(), 1U);
}

TEST(PlanSegmentsTest, MemoryGrowsWithTheRootOfTheDepth) {
  // Sixteen times as deep: sixteen times as much to keep, and less than six times when it is computed again.
  const MemoryForecast shallow = forecast_memory(chain(8, 4), 1);
  const MemoryForecast deep = forecast_memory(chain(128, 4), 1);
  EXPECT_GT(deep.training, 12 * shallow.training);
  EXPECT_LT(deep.recomputed, 6 * shallow.recomputed);
  EXPECT_LT(8 * deep.recomputed, deep.training);
}

TEST(PlanSegmentsTest, APlanOfOneStepIsOneSegment) {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edge(1, 2);
  graph.edge(1, 2).set_op(Primitive("conv", {Conv2d{.out_channels = 4, .kernel = 3, .padding = 1}}));
  const std::vector<PlanSegment> segments =
      plan_segments(make_plan(flatten(graph, {3, 8, 8}, Purpose::search)));
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_THAT(segments.front().inputs, ::testing::ElementsAre(LayerGraph::kInput));
}

}  // namespace
}  // namespace espalier
