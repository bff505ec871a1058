#include "espalier/plan/memory_forecast.h"

#include <gtest/gtest.h>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

namespace espalier {
namespace {

/// Two 3×3 convolutions of four channels on images of 2×2.
Plan two_convolutions(const PlanOptions& options) {
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  const Primitive convolution("conv", {Conv2d{.out_channels = 4, .kernel = 3, .padding = 1}});
  graph.edge(1, 2).set_op(convolution);
  graph.edge(2, 3).set_op(convolution);
  return make_plan(flatten(graph, {3, 2, 2}, Purpose::search), options);
}

TEST(MemoryForecastTest, FollowsAPassByHand) {
  const MemoryForecast memory = forecast_memory(two_convolutions({}), 1, 1);
  EXPECT_EQ(memory.weights, 3 * 4 * 9 + 4 * 4 * 9);
  // The images (12), then both outputs (16 each) at once.
  EXPECT_EQ(memory.inference, 12 + 16 + 16);
  // The first output is kept; beside the network's output there are the gradient of the first and the sums of
  // that of the second's filters, by Winograd's sixteen numbers each.
  EXPECT_EQ(memory.training, 12 + 16 + 16 + 16 + 4 * 4 * 16);
}

TEST(MemoryForecastTest, GrowsWithTheBatchAndTheNumbers) {
  const Plan plan = two_convolutions({});
  const MemoryForecast one = forecast_memory(plan, 1, 1);
  const MemoryForecast many = forecast_memory(plan, 10, 4);
  EXPECT_EQ(many.inference, 40 * one.inference);
  EXPECT_EQ(many.training, 40 * one.training);
  EXPECT_LT(forecast_memory(plan, 1000).training, 1000 * one.training * 4)
      << "filters are summed in few groups";
  EXPECT_EQ(many.weights, 4 * one.weights) << "of one network, whatever the batch";
}

}  // namespace
}  // namespace espalier
