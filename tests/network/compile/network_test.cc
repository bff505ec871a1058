#include "espalier/network/compile/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "espalier/network/compile/fill_uniform.h"
#include "espalier/network/compile/module_layer.h"
#include "network/small_networks.h"

namespace espalier::testing {
namespace {

/// Counts how often it runs, and scales what enters.
class CountingModule final : public LayerModule {
 public:
  explicit CountingModule(int& calls) : calls_(calls) {
    scale_ = register_parameter("scale", at::empty({1}));
  }
  void initialize(Rng& rng) override { fill_uniform(scale_, 1.0, rng); }
  at::Tensor forward(const std::vector<at::Tensor>& inputs) override {
    ++calls_;
    return inputs.front() * scale_;
  }

 private:
  int& calls_;
  at::Tensor scale_;
};

class CountingLayer final : public ModuleLayer {
 public:
  explicit CountingLayer(int& calls) : calls_(calls) {}
  std::string_view kind() const override { return "counting"; }
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs.front(); }
  std::int64_t parameters(std::span<const Shape>, Purpose) const override { return 1; }
  std::int64_t flops(std::span<const Shape>) const override { return 0; }
  std::string describe() const override { return "counting"; }
  std::shared_ptr<LayerModule> make_module(std::span<const Shape>, Purpose) const override {
    return std::make_shared<CountingModule>(calls_);
  }

 private:
  int& calls_;
};

Primitive counting(const std::string& name, int& calls) {
  return Primitive(name, {CustomLayer{std::make_shared<CountingLayer>(calls)}});
}

TEST(NetworkTest, InitializesAPluginsLayersFromSeedAndName) {
  int calls = 0;
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  graph.update_edges([&](EdgeData& edge) { edge.set_op(counting("a", calls)); });
  CompileOptions options;
  options.seed = 1;
  const auto network = compile(graph, {3, 4, 4}, Purpose::evaluation, options);
  const auto scales = [&] {
    std::vector<float> values;
    for (const at::Tensor& scale : network->parameters()) values.push_back(scale.item<float>());
    return values;
  };
  const std::vector<float> first = scales();
  ASSERT_EQ(first.size(), 2U);
  EXPECT_NE(first[0], first[1]);
  network->initialize(2);
  EXPECT_NE(scales(), first);
  network->initialize(1);
  EXPECT_EQ(scales(), first);
}

TEST(NetworkTest, RunsOnlyTheChosenCandidate) {
  std::array<int, 3> calls{};
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edge(1, 2);
  graph.edge(1, 2).set_op(Mixed{{counting("a", calls[0]), counting("b", calls[1]), counting("c", calls[2])},
                                std::make_shared<GivenWeighting>(random_tensor({3}, 1).requires_grad_(), 1)});
  CompileOptions options;
  options.dtype = at::kDouble;
  const auto network = compile(graph, {3, 4, 4}, Purpose::search, options);
  network->forward(random_tensor({2, 3, 4, 4}, 2)).sum().backward();
  EXPECT_THAT(calls, ::testing::ElementsAre(0, 1, 0));
  const auto parameters = network->named_parameters();
  EXPECT_TRUE(parameters["edge_1_2.b.counting.module.scale"].grad().defined());
  EXPECT_FALSE(parameters["edge_1_2.a.counting.module.scale"].grad().defined())
      << "nothing ran, nothing learns";
}

TEST(NetworkTest, AllCandidatesRunOnceUnderASoftmax) {
  std::array<int, 2> calls{};
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edge(1, 2);
  graph.edge(1, 2).set_op(Mixed{{counting("a", calls[0]), counting("b", calls[1])},
                                std::make_shared<GivenWeighting>(random_tensor({2}, 1))});
  CompileOptions options;
  options.dtype = at::kDouble;
  compile(graph, {3, 4, 4}, Purpose::search, options)->forward(random_tensor({2, 3, 4, 4}, 2));
  EXPECT_THAT(calls, ::testing::ElementsAre(1, 1));
}

TEST(NetworkTest, AChoiceOfZeroGivesZeros) {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edge(1, 2);
  graph.edge(1, 2).set_op(Mixed{{primitives::zero(), primitives::identity()},
                                std::make_shared<GivenWeighting>(at::zeros({2}, at::kFloat), 0)});
  const auto network = compile(graph, {3, 4, 4}, Purpose::search);
  EXPECT_TRUE(at::equal(network->forward(at::ones({2, 3, 4, 4})), at::zeros({2, 48})));
}

TEST(NetworkTest, TheAuxiliaryHeadRunsWhenItIsAskedForAlone) {
  int calls = 0;
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  graph.edge(1, 2).set_op(primitives::relu_conv_bn(4, 3));
  graph.edge(2, 3).set_op(primitives::classifier(5));
  const auto without = compile(graph, {3, 4, 4}, Purpose::evaluation);
  graph.node(2).set_auxiliary_head(counting("head", calls));
  const at::Tensor images = random_tensor({2, 3, 4, 4}, 2).to(at::kFloat);
  EXPECT_FALSE(without->forward_all(images).auxiliary.defined());
  for (const CompileOptions& options : {CompileOptions(), CompileOptions::reference()}) {
    calls = 0;
    const auto network = compile(graph, {3, 4, 4}, Purpose::evaluation, options);
    const at::Tensor logits = network->forward(images);
    EXPECT_EQ(calls, 0);
    EXPECT_TRUE(at::allclose(logits, without->forward(images)));
    const Network::Outputs outputs = network->forward_all(images);
    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(at::equal(outputs.logits, logits));
    EXPECT_EQ(outputs.auxiliary.sizes(), at::IntArrayRef({2, 64}));
    outputs.auxiliary.sum().backward();
    EXPECT_TRUE(network->named_parameters()["head.counting.module.scale"].grad().defined());
  }
}

Graph dropping(Layer layer) {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edge(1, 2);
  graph.edge(1, 2).set_op(Primitive("drop", {std::move(layer)}));
  return graph;
}

TEST(NetworkTest, DropPathDropsWholeImagesAndKeepsTheMean) {
  const auto network = compile(dropping(DropPath{}), {2, 3, 3}, Purpose::evaluation);
  const at::Tensor images = at::ones({2000, 2, 3, 3});
  EXPECT_TRUE(at::equal(network->forward(images), images.flatten(1))) << "its probability is 0 at first";
  network->set_drop_path(0.25);
  const at::Tensor dropped = network->forward(images);
  EXPECT_TRUE(at::equal(std::get<0>(dropped.max(1)), std::get<0>(dropped.min(1))));
  EXPECT_NEAR(dropped.mean().item<double>(), 1.0, 0.05);
  EXPECT_NEAR(dropped.max().item<double>(), 1.0 / 0.75, 1e-6);
  network->eval();
  EXPECT_TRUE(at::equal(network->forward(images), images.flatten(1)));
}

TEST(NetworkTest, DropoutDependsOnItsSeedAlone) {
  const auto network = compile(dropping(Dropout{.probability = 0.5}), {2, 8, 8}, Purpose::evaluation);
  const at::Tensor images = at::ones({4, 2, 8, 8});
  network->reseed(1);
  const at::Tensor first = network->forward(images);
  const at::Tensor second = network->forward(images);
  network->reseed(1);
  EXPECT_TRUE(at::equal(network->forward(images), first));
  EXPECT_FALSE(at::equal(first, second));
}

TEST(NetworkTest, InitializeDependsOnTheSeed) {
  CompileOptions options;
  options.seed = 1;
  const auto network =
      compile(RandomSpace(0).instantiate(Architecture::zeros(RandomSpace(0).choices().size())), {3, 6, 6},
              Purpose::evaluation, options);
  const at::Tensor weight = network->named_parameters()["stem.conv.weight"];
  const at::Tensor first = weight.detach().clone();
  EXPECT_LE(first.abs().max().item<double>(), 1.0 / std::sqrt(27.0));
  network->initialize(2);
  EXPECT_FALSE(at::equal(weight, first));
  network->initialize(1);
  EXPECT_TRUE(at::equal(weight, first));
}

}  // namespace
}  // namespace espalier::testing
