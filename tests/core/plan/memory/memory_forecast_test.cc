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
  // that of the second's filters: nine numbers each.
  EXPECT_EQ(memory.training, 12 + 16 + 16 + 16 + 4 * 4 * 9);
}

/// A 1×1 convolution from 3 to 4 channels on images of 2×2, and then `layers`.
MemoryForecast after_a_convolution(const Primitive& layers) {
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  graph.edge(1, 2).set_op(Primitive("conv", {Conv2d{.out_channels = 4}}));
  graph.edge(2, 3).set_op(layers);
  return forecast_memory(make_plan(flatten(graph, {3, 2, 2}, Purpose::search)), 1, 1);
}

TEST(MemoryForecastTest, FollowsActivationsNormsAndProducts) {
  constexpr std::int64_t kImages = 12;
  // In front of a convolution, which keeps what it reads, a function whose gradient follows from its output
  // keeps nothing more, and any other keeps its input.
  const auto between = [](const Layer& layer) {
    const Layer conv = Conv2d{.kernel = 3, .padding = 1, .bias = true};
    return after_a_convolution(Primitive("layer", {layer, conv, layer, conv})).training;
  };
  const std::int64_t least = between(Activation{ActivationFunction::sigmoid});
  EXPECT_EQ(between(Activation{ActivationFunction::tanh}), least);
  EXPECT_EQ(between(Activation{ActivationFunction::gelu}), least + 16);
  // A layer norm keeps its input and the normalized values, and the mean and the deviation of four pixels. On
  // the way back there is the gradient of the normalized values beside that of the input.
  EXPECT_EQ(after_a_convolution(Primitive("layer", {LayerNorm{}})).inference, kImages + 3 * 16 + 8);
  EXPECT_EQ(after_a_convolution(Primitive("layer", {LayerNorm{}})).training, kImages + 5 * 16 + 8);
  // A slice keeps nothing. On the way back there are its output, the gradient of its input and the sums of
  // that of the twelve filters.
  EXPECT_EQ(after_a_convolution(Primitive("layer", {Slice{.channels = 2}})).inference, kImages + 16 + 8);
  EXPECT_EQ(after_a_convolution(Primitive("layer", {Slice{.channels = 2}})).training, kImages + 8 + 16 + 12);
  // A shuffle keeps nothing either, and its gradient is as large as its output.
  EXPECT_EQ(after_a_convolution(Primitive("layer", {ChannelShuffle{2}})).inference, kImages + 2 * 16);
  EXPECT_EQ(after_a_convolution(Primitive("layer", {ChannelShuffle{2}})).training, kImages + 2 * 16 + 12);
  // A product of a tensor with itself, and that once more: two factors, and the product of these.
  const Primitive cube("cube", std::vector<Primitive::Node>{{"identity", Identity{}, {Primitive::kInput}},
                                                            {"multiply", Multiply{}, {0, 0, 0}}});
  EXPECT_EQ(after_a_convolution(cube).inference, kImages + 3 * 16);
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
