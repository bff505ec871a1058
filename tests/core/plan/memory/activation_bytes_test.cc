#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/plan/memory_forecast.h"
#include "espalier/random/random.h"

namespace espalier {
namespace {

constexpr std::int64_t kBytesOfNumber = 4;

/// The peak, in numbers, of a chain of layers on an image of 3×2×2, which has twelve.
std::int64_t peak_of(const std::vector<Layer>& layers) {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edges({{1, 2}});
  graph.edge(1, 2).set_op(Primitive("chain", layers));
  const std::int64_t bytes = flatten(graph, {3, 2, 2}, Purpose::evaluation).activation_bytes();
  EXPECT_EQ(bytes % kBytesOfNumber, 0);
  return bytes / kBytesOfNumber;
}

const Layer kConvolution = Conv2d{.out_channels = 4};  // sixteen numbers

TEST(ActivationBytes, OfAChainAreALayersInputAndOutput) {
  EXPECT_EQ(peak_of({kConvolution}), 12 + 16);
  EXPECT_EQ(peak_of({kConvolution, kConvolution}), 16 + 16) << "the image is released after its last reader";
  EXPECT_EQ(peak_of({kConvolution, ReLU{}, kConvolution}), 16 + 16) << "nothing is computed in place";
  EXPECT_EQ(peak_of({Conv2d{.out_channels = 1}, Conv2d{.out_channels = 1}}), 12 + 4);
  EXPECT_EQ(peak_of({kConvolution, GlobalAvgPool{}, Linear{.out_features = 10}}), 12 + 16);
}

TEST(ActivationBytes, WhatComputesNothingTakesNone) {
  EXPECT_EQ(peak_of({Identity{}}), 12) << "the image alone";
  EXPECT_EQ(peak_of({kConvolution, Dropout{}, DropPath{}, Identity{}, kConvolution}), 16 + 16);
}

/// Two edges from the image, and a sum.
std::int64_t peak_of_sum(const Primitive& first, const Primitive& second) {
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {1, 3}, {2, 3}});
  graph.edge(1, 2).set_op(first);
  graph.edge(1, 3).set_op(second);
  return flatten(graph, {3, 2, 2}, Purpose::evaluation).activation_bytes() / kBytesOfNumber;
}

TEST(ActivationBytes, ATensorLivesUntilItsLastReader) {
  const Primitive same("same", {Conv2d{}});
  // The image and both terms are alive when the second convolution runs; then both terms and their sum.
  EXPECT_EQ(peak_of_sum(same, same), 12 + 12 + 12);
  EXPECT_EQ(peak_of_sum(same, primitives::identity()), 12 + 12 + 12) << "the image, a term, and the sum";
  EXPECT_EQ(peak_of_sum(same, primitives::zero()), 12 + 12) << "a sum of one term";
  EXPECT_EQ(peak_of_sum(primitives::zero(), primitives::zero()), 12 + 12)
      << "a sum without terms is a tensor";
}

TEST(ActivationBytes, ALayerThatNothingReadsAndTheAuxiliaryHeadTakeNone) {
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {1, 3}});
  graph.edge(1, 2).set_op(Primitive("wide", {Conv2d{.out_channels = 100}}));
  graph.edge(1, 3).set_op(Primitive("conv", {kConvolution}));
  EXPECT_EQ(flatten(graph, {3, 2, 2}, Purpose::evaluation).activation_bytes(), (12 + 16) * kBytesOfNumber);
  graph.node(3).set_auxiliary_head(primitives::classifier(1000));
  EXPECT_EQ(flatten(graph, {3, 2, 2}, Purpose::evaluation).activation_bytes(), (12 + 16) * kBytesOfNumber);
}

/// A graph of `nodes` nodes in which each edge is there with an even chance, and has a random operation.
Graph random_graph(Rng& rng, int nodes) {
  const std::vector<Primitive> all = {primitives::identity(), primitives::zero(), Primitive("relu", {ReLU{}}),
                                      Primitive("conv", {Conv2d{.kernel = 3, .padding = 1}}),
                                      primitives::relu_conv_bn(3, 1)};
  Graph graph("random");
  graph.add_node_range(1, nodes);
  for (int to = 2; to <= nodes; ++to) {
    for (int from = 1; from < to; ++from) {
      if (from + 1 != to && rng.below(2) == 0) continue;
      graph.add_edges({{from, to}});
      graph.edge(from, to).set_op(all[rng.below(all.size())]);
    }
  }
  return graph;
}

TEST(ActivationBytes, LieBetweenTheLargestLayerAndAllTensors) {
  static constexpr RngStream kStream("activation bytes");
  for (std::uint64_t draw = 0; draw < 200; ++draw) {
    Rng rng(0, kStream, draw);
    const LayerGraph network =
        flatten(random_graph(rng, 3 + static_cast<int>(rng.below(5))), {3, 4, 4}, Purpose::evaluation);
    const std::int64_t image = network.input.elements() * kBytesOfNumber;
    std::int64_t all = image;
    for (const LayerGraph::Node& node : network.nodes) all += node.shape.elements() * kBytesOfNumber;
    const std::int64_t peak = network.activation_bytes();
    EXPECT_LE(peak, all);
    EXPECT_GE(peak, image);

    // Whatever computes something has a tensor that it reads and one that it writes, side by side.
    const Plan plan = make_plan(network);
    for (const PlanStep& step : plan.steps) {
      if (step.inputs.empty()) continue;
      EXPECT_GE(peak, 2 * image) << "all tensors are as large as the image here";
    }
    // The same when the image is held until the end, layer by layer.
    PlanOptions options = PlanOptions::none();
    options.drop_identities = options.release_tensors = true;
    const std::int64_t held = forecast_memory(make_plan(network, options), 1).inference;
    EXPECT_LE(peak, held);
    EXPECT_GE(peak, held - image);
  }
}

}  // namespace
}  // namespace espalier
