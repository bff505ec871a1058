#include <gmock/gmock.h>

#include "espalier/host/host.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "network/small_networks.h"

namespace espalier::testing {
namespace {

/// A node that chooses between a pool and a graph that chooses a convolution.
class NodeChoiceSpace : public SearchSpace {
 public:
  NodeChoiceSpace() : SearchSpace(definition()) { set_name("node_choice"); }

 private:
  static SpaceDefinition definition() {
    Graph network("network");
    network.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
    network.node(2).set_op(Candidates{primitives::avg_pool(), graph_with_choice()});
    network.edge(2, 3).set_op(primitives::classifier(4));
    return {.graph = std::move(network), .input_shape = {.channels = 3, .height = 6, .width = 6}};
  }
};

TEST(NodeChoiceTest, OneShotOptimizersLearnIt) {
  const NodeChoiceSpace space;
  const Batch batch{.images = random_tensor({8, 3, 6, 6}, 1), .labels = at::arange(8, at::kLong) % 4};
  for (const char* name : {"darts", "gdas"}) {
    const auto plugin = host::Host().optimizer(name);
    auto& optimizer = dynamic_cast<OneShotOptimizer&>(*plugin);
    optimizer.adapt({.space = space, .seed = 1});
    optimizer.compile_supernet(in_double(), {.sgd = {.epochs = 2}});
    ASSERT_EQ(optimizer.alphas().size(), 2U);
    const at::Tensor before = optimizer.alphas()[1].detach().clone();
    optimizer.begin_epoch(0);
    for (int step = 0; step < 4; ++step) optimizer.step(batch, batch);
    EXPECT_FALSE(at::equal(optimizer.alphas()[1], before)) << name;
    EXPECT_TRUE(space.is_valid(optimizer.final_architecture())) << name;
  }
}

}  // namespace
}  // namespace espalier::testing
