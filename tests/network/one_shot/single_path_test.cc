#include "espalier/network/one_shot/single_path.h"

#include <gtest/gtest.h>

#include "espalier/errors/errors.h"
#include "network/one_shot/hooked_optimizer.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

/// Two edges to choose on, the second only within a candidate of the first.
class SpaceWithinSpace final : public SearchSpace {
 public:
  SpaceWithinSpace() : SearchSpace(definition()) { set_name("nested"); }

 private:
  static SpaceDefinition definition() {
    Graph network("network");
    network.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
    network.edge(1, 2).set_op(Candidates{primitives::identity(), graph_with_choice()});
    network.edge(2, 3).set_op(primitives::classifier(4));
    return {.graph = std::move(network), .input_shape = {.channels = 3, .height = 6, .width = 6}};
  }
};

TEST(SinglePathTest, RunsWhatItTookLast) {
  const OneEdgeSpace space;
  SinglePath path(space);
  HookedOptimizer optimizer;  // its network, with the same weights, is what the reference reads
  optimizer.begin(space);
  CompileOptions options = in_double();
  options.seed = 3;
  const auto network = compile(path.supernet(), space.input_shape(), Purpose::search, options);
  OneEdgeReference reference(optimizer);
  const at::Tensor images = batch(1).images;
  // Whatever weighs 1 after a softmax in double.
  const auto logits_of = [&](std::int64_t candidate) {
    reference.alpha = at::full({3}, -1e3, at::kDouble);
    reference.alpha[candidate] = 0.0;
    return reference.logits(images);
  };
  EXPECT_LT(distance(network->forward(images), logits_of(0)), 1e-12) << "all first candidates at first";
  for (const Architecture::Index candidate : {1, 2, 0, 1}) {
    path.take(space.at(candidate));
    EXPECT_LT(distance(network->forward(images), logits_of(candidate)), 1e-12) << candidate;
  }
}

TEST(SinglePathTest, OnlyThePathLearns) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer{HookedOptimizer::WithoutAlphas()};
  SinglePath path(space);
  optimizer.on_relax = [&](const at::Tensor&, std::size_t choice) { return path.weighting(choice); };
  optimizer.begin(space).begin_epoch(0);
  const at::Tensor conv = optimizer.network().named_parameters()["cell_1.edge_1_2.conv.weight"];
  const at::Tensor stem = optimizer.network().named_parameters()["stem.conv.weight"];
  const at::Tensor conv_before = conv.detach().clone();
  for (const Architecture::Index candidate : {0, 2, 1}) {
    const at::Tensor stem_before = stem.detach().clone();
    path.take(space.at(candidate));
    optimizer.step(batch(1), Batch());
    EXPECT_GT(distance(stem, stem_before), 0.0);
    EXPECT_EQ(at::equal(conv, conv_before), candidate != 1) << "neither gradient nor decay";
  }
}

TEST(SinglePathTest, TakesEveryCombination) {
  const SpaceWithinSpace space;
  SinglePath path(space);
  const auto outer = path.weighting(1);
  const auto inner = path.weighting(0);
  ASSERT_EQ(space.choices()[0].name, "inner.edge_1_2");
  Architecture taken = Architecture::zeros(2);
  taken.set(0, 1);
  EXPECT_FALSE(space.is_valid(taken)) << "the inner choice has no effect";
  path.take(taken);
  EXPECT_TRUE(at::equal(inner->weights(), at::tensor({0.0, 1.0}, at::kDouble)));
  EXPECT_TRUE(at::equal(outer->weights(), at::tensor({1.0, 0.0}, at::kDouble)));
  EXPECT_FALSE(inner->runs(0));
  EXPECT_TRUE(inner->runs(1));
}

TEST(SinglePathTest, RefusesAnArchitectureOfAnotherSpace) {
  const OneEdgeSpace space;
  SinglePath path(space);
  EXPECT_THROW(path.take(Architecture::zeros(2)), UsageError);
  Architecture beyond = Architecture::zeros(1);
  beyond.set(0, 3);
  EXPECT_THROW(path.take(beyond), UsageError);
  EXPECT_TRUE(path.weighting(0)->runs(0)) << "what it took before stays";
}

}  // namespace
}  // namespace espalier::testing
