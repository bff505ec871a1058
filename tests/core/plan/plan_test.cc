#include "espalier/plan/plan.h"
#include "espalier/plan/memory_forecast.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

namespace espalier {
namespace {

using Kind = PlanStep::Kind;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr Shape kImage{.channels = 4, .height = 8, .width = 8};

/// Two edges that leave one node, each with a convolution, a pool, a zero and an identity.
Graph fork() {
  Graph graph("fork");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {1, 3}, {2, 3}});
  graph.update_edges([](EdgeData& edge) {
    edge.set_op(Candidates{primitives::zero(), primitives::identity(), primitives::relu_conv_bn(4, 3),
                           primitives::avg_pool()});
  });
  return graph;
}

Plan plan_of(const Graph& graph, const PlanOptions& options) {
  return make_plan(flatten(graph, kImage, Purpose::search), options);
}

template <class T>
std::ptrdiff_t count(const Plan& plan) {
  return std::count_if(plan.steps.begin(), plan.steps.end(), [&](const PlanStep& step) {
    return step.kind == Kind::layer &&
           plan.graph.nodes[static_cast<std::size_t>(step.layers.front())].layer.get_if<T>() != nullptr;
  });
}

std::vector<PlanStep> steps_of(const Plan& plan, Kind kind) {
  std::vector<PlanStep> steps;
  std::copy_if(plan.steps.begin(), plan.steps.end(), std::back_inserter(steps),
               [&](const PlanStep& step) { return step.kind == kind; });
  return steps;
}

TEST(PlanTest, WithoutPassesEveryLayerIsAStep) {
  const Plan plan = plan_of(fork(), PlanOptions::none());
  ASSERT_EQ(plan.steps.size(), plan.graph.nodes.size());
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    EXPECT_THAT(plan.steps[i].outputs, ElementsAre(static_cast<int>(i)));
    const bool zero = plan.graph.nodes[i].layer.get_if<Zero>() != nullptr;
    EXPECT_EQ(plan.steps[i].inputs, zero ? std::vector<int>() : plan.graph.nodes[i].inputs);
    EXPECT_THAT(plan.steps[i].released, SizeIs(0));
  }
}

TEST(PlanTest, EqualLayersThatReadOneTensorAreComputedOnce) {
  PlanOptions options = PlanOptions::none();
  options.share_layers = true;
  const Plan plan = plan_of(fork(), options);
  EXPECT_EQ(count<ReLU>(plan), 2) << "of three: edges 1→2 and 1→3 read one node";
  EXPECT_EQ(count<AvgPool>(plan), 2);
  EXPECT_EQ(count<Conv2d>(plan), 3) << "weights are never shared";
}

TEST(PlanTest, SlicesShufflesActivationsAndProductsAreSharedAndLayerNormsAreNot) {
  const auto gate = [](const char* name, ActivationFunction function) {
    return Primitive(name, std::vector<Primitive::Node>{
                               {"slice", Slice{.begin = 1, .channels = 2}, {Primitive::kInput}},
                               {"activation", Activation{function}, {0}},
                               {"multiply", Multiply{}, {0, 1}},
                               {"shuffle", ChannelShuffle{2}, {2}},
                               {"norm", LayerNorm{}, {3}},
                           });
  };
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edge(1, 2);
  graph.edge(1, 2).set_op(Candidates{gate("a", ActivationFunction::silu), gate("b", ActivationFunction::silu),
                                     gate("c", ActivationFunction::gelu)});
  PlanOptions options = PlanOptions::none();
  options.share_layers = true;
  const Plan plan = plan_of(graph, options);
  EXPECT_EQ(count<Slice>(plan), 1);
  EXPECT_EQ(count<Activation>(plan), 2) << "silu and gelu";
  EXPECT_EQ(count<Multiply>(plan), 2);
  EXPECT_EQ(count<ChannelShuffle>(plan), 2);
  EXPECT_EQ(count<LayerNorm>(plan), 3) << "weights are never shared";
  const Plan compiled = plan_of(graph, {});
  EXPECT_EQ(count<LayerNorm>(compiled), 3) << "a layer norm is no batch norm that a sum could fold";
}

TEST(PlanTest, ConvolutionsThatReadOneTensorAreMergedWithTheirBatchNorms) {
  PlanOptions options = PlanOptions::none();
  options.share_layers = options.merge_convolutions = true;
  const Plan plan = plan_of(fork(), options);
  const auto merged = steps_of(plan, Kind::convolutions);
  ASSERT_THAT(merged, SizeIs(1));
  EXPECT_THAT(merged.front().layers, SizeIs(2));
  EXPECT_THAT(merged.front().batch_norms, SizeIs(2));
  EXPECT_EQ(merged.front().outputs, merged.front().batch_norms);
  EXPECT_EQ(count<Conv2d>(plan), 1);
  EXPECT_EQ(count<BatchNorm>(plan), 1);
}

TEST(PlanTest, ZerosAndIdentitiesAreDropped) {
  PlanOptions options = PlanOptions::none();
  options.drop_identities = true;
  const Plan plan = plan_of(fork(), options);
  EXPECT_EQ(count<Zero>(plan), 0);
  EXPECT_EQ(count<Identity>(plan), 0);
  for (const PlanStep& sum : steps_of(plan, Kind::sum)) {
    for (const PlanStep::Term& term : sum.terms) {
      EXPECT_TRUE(term.weighted_sum < 0 || term.candidate != 0) << "the zero has no term";
    }
  }
}

TEST(PlanTest, WeightedSumsAreFlattenedIntoTheSumOfTheirNode) {
  const Plan plan = plan_of(fork(), {});
  const auto sums = steps_of(plan, Kind::sum);
  ASSERT_THAT(sums, SizeIs(2)) << "one a node";
  EXPECT_THAT(sums.front().terms, SizeIs(3));
  EXPECT_THAT(sums.back().terms, SizeIs(6));
  EXPECT_THAT(sums.back().layers, SizeIs(5)) << "two weighted sums, the sum and two batch norms";
}

TEST(PlanTest, BatchNormsAreFoldedIntoTheSumsThatReadThem) {
  const Plan plan = plan_of(fork(), {});
  EXPECT_EQ(count<BatchNorm>(plan), 0);
  const auto layer = [&](int node) { return plan.graph.nodes[static_cast<std::size_t>(node)].layer; };
  int folded = 0;
  for (const PlanStep& sum : steps_of(plan, Kind::sum)) {
    for (const PlanStep::Term& term : sum.terms) {
      if (term.batch_norm < 0) continue;
      ++folded;
      EXPECT_NE(layer(term.batch_norm).get_if<BatchNorm>(), nullptr);
      EXPECT_NE(layer(term.value).get_if<Conv2d>(), nullptr);
      EXPECT_TRUE(term.only_reader);
    }
  }
  EXPECT_EQ(folded, 3);
}

TEST(PlanTest, ABatchNormThatNoSumReadsIsASumOfOneTerm) {
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  graph.edge(1, 2).set_op(primitives::relu_conv_bn(4, 3));
  graph.edge(2, 3).set_op(primitives::relu_conv_bn(4, 3));
  PlanOptions options;
  options.fan_out = false;
  const auto sums = steps_of(plan_of(graph, options), Kind::sum);
  ASSERT_THAT(sums, SizeIs(2));
  for (const PlanStep& sum : sums) {
    ASSERT_THAT(sum.terms, SizeIs(1));
    EXPECT_GE(sum.terms.front().batch_norm, 0);
    EXPECT_EQ(sum.terms.front().weighted_sum, -1);
  }
}

TEST(PlanTest, ConvolutionsThatReadOneTensorAlikeAreOneFanOut) {
  const Plan plan = plan_of(fork(), {});
  const auto fan_outs = steps_of(plan, Kind::fan_out);
  ASSERT_THAT(fan_outs, SizeIs(2));
  EXPECT_THAT(fan_outs.front().inputs, ElementsAre(LayerGraph::kInput));
  EXPECT_THAT(fan_outs.front().branches, SizeIs(2)) << "those of the edges 1→2 and 1→3";
  EXPECT_TRUE(fan_outs.front().reading.relu);
  EXPECT_EQ(fan_outs.front().reading.batch_norm, -1);
  EXPECT_THAT(fan_outs.back().branches, SizeIs(1));
  EXPECT_EQ(count<Conv2d>(plan) + count<ReLU>(plan), 0);
}

TEST(PlanTest, TheSecondHalfOfASeparableConvolutionReadsThroughItsBatchNorm) {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edges({{1, 2}});
  graph.edge(1, 2).set_op(primitives::sep_conv(4, 3));
  const Plan plan = plan_of(graph, {});
  const auto fan_outs = steps_of(plan, Kind::fan_out);
  ASSERT_THAT(fan_outs, SizeIs(2));
  EXPECT_EQ(fan_outs[0].reading, (PlanStep::Reading{.relu = true}));
  EXPECT_EQ(fan_outs[1].reading, (PlanStep::Reading{.batch_norm = 3, .relu = true}));
  EXPECT_EQ(fan_outs[1].inputs, fan_outs[0].outputs);
  for (const PlanStep& fan_out : fan_outs) {
    ASSERT_THAT(fan_out.branches, SizeIs(1));
    EXPECT_EQ(fan_out.branches.front().convolution, fan_out.branches.front().depthwise + 1);
  }
  EXPECT_THAT(plan.steps, SizeIs(3)) << "and the last batch norm";
}

TEST(PlanTest, ABatchNormThatSeveralReadIsPartOfNoFanOut) {
  // Each fan-out that read it would update its running statistics.
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  graph.edge(1, 2).set_op(primitives::stem(4));
  graph.edge(2, 3).set_op(Candidates{primitives::relu_conv_bn(4, 3), primitives::conv_bn_relu(4, 3)});
  const auto fan_outs = steps_of(plan_of(graph, {}), Kind::fan_out);
  ASSERT_THAT(fan_outs, SizeIs(3)) << "the stem, through a relu and as it is";
  for (const PlanStep& fan_out : fan_outs) EXPECT_EQ(fan_out.reading.batch_norm, -1);
}

TEST(PlanTest, ConvolutionsOfOtherFormsAreNoBranches) {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edges({{1, 2}});
  const Layer depthwise = Conv2d{.kernel = 3, .padding = 1, .groups = kDepthwise};
  graph.edge(1, 2).set_op(
      Candidates{Primitive("grouped", std::vector<Layer>{Conv2d{.out_channels = 4, .groups = 2}}),
                 Primitive("biased", std::vector<Layer>{Conv2d{.out_channels = 4, .bias = true}}),
                 Primitive("wide", std::vector<Layer>{Conv2d{.out_channels = 4, .kernel = 5, .padding = 2}}),
                 Primitive("both", std::vector<Layer>{ReLU{}, depthwise, ReLU{}})});
  const Plan plan = plan_of(graph, {});
  EXPECT_EQ(count<Conv2d>(plan), 3);
  const auto fan_outs = steps_of(plan, Kind::fan_out);
  ASSERT_THAT(fan_outs, SizeIs(1));
  EXPECT_EQ(fan_outs.front().branches.front().convolution, -1) << "only a relu reads it";
}

TEST(PlanTest, OnlyAValueReadOnceIsItsReadersOwn) {
  const Plan plan = plan_of(fork(), {});
  std::map<int, int> readers = {{plan.output, 1}};
  for (const PlanStep& step : plan.steps) {
    if (step.kind != Kind::sum)
      for (const int value : step.inputs) ++readers[value];
    for (const PlanStep::Term& term : step.terms) ++readers[term.value];
  }
  for (const PlanStep& sum : steps_of(plan, Kind::sum))
    for (const PlanStep::Term& term : sum.terms)
      EXPECT_EQ(term.only_reader, term.value != LayerGraph::kInput && readers[term.value] == 1);
}

TEST(PlanTest, ATensorIsReleasedOnceAfterItsLastReader) {
  const Plan plan = plan_of(fork(), {});
  std::vector<int> alive;
  for (const PlanStep& step : plan.steps) {
    for (const int input : step.inputs) {
      EXPECT_TRUE(input == LayerGraph::kInput || std::ranges::count(alive, input) == 1);
    }
    alive.insert(alive.end(), step.outputs.begin(), step.outputs.end());
    for (const int value : step.released) EXPECT_EQ(std::erase(alive, value), 1);
  }
  EXPECT_THAT(alive, ElementsAre(plan.output));
  PlanOptions keep;
  keep.release_tensors = false;
  EXPECT_LT(forecast_memory(plan, 1).inference, forecast_memory(plan_of(fork(), keep), 1).inference);
  EXPECT_EQ(forecast_memory(plan, 3).inference, 3 * forecast_memory(plan, 1).inference);
}

TEST(PlanTest, AZeroedNodeIsStillThere) {
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  graph.edge(1, 2).set_op(primitives::zero());
  graph.edge(2, 3).set_op(primitives::relu_conv_bn(4, 3));
  const Plan plan = plan_of(graph, {});
  EXPECT_EQ(count<Zero>(plan), 1) << "a convolution reads it";
  EXPECT_THAT(steps_of(plan, Kind::fan_out), SizeIs(1));
}

TEST(PlanTest, AnEmptyNetworkHasItsInputAsOutput) {
  Graph graph("graph");
  graph.add_node(1);
  PlanOptions options;
  const Plan plan = plan_of(graph, options);
  EXPECT_EQ(plan.output, LayerGraph::kInput);
  EXPECT_THAT(plan.steps, SizeIs(0));
}

}  // namespace
}  // namespace espalier
