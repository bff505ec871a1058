#include <ATen/ATen.h>
#include <espalier/host/host.h>
#include <espalier/layer_graph.h>
#include <espalier/network/network.h>
#include <gtest/gtest.h>

namespace {

class MyLayerTest : public testing::Test {
 protected:
  /// The network with the layer on every edge.
  espalier::Graph graph() const {
    return space_->instantiate(
        space_->discretize(std::vector(space_->choices().size(), std::vector{0.0, 0.0, 1.0})));
  }

  espalier::host::Host host_;
  std::unique_ptr<espalier::SearchSpace> space_ = host_.search_space("my_layer", "{channels: 4}");
};

TEST_F(MyLayerTest, HasAsManyParametersAsItSays) {
  const auto said =
      espalier::flatten(graph(), space_->input_shape(), espalier::Purpose::evaluation).parameters();
  std::int64_t numbers = 0;
  for (const at::Tensor& parameter :
       espalier::compile(graph(), space_->input_shape(), espalier::Purpose::evaluation)->parameters())
    numbers += parameter.numel();
  EXPECT_EQ(numbers, said);
}

TEST_F(MyLayerTest, LearnsEveryParameter) {
  const auto network = espalier::compile(graph(), space_->input_shape(), espalier::Purpose::evaluation);
  network->forward(at::rand({2, 3, 32, 32})).square().sum().backward();
  int of_the_layer = 0;
  for (const auto& parameter : network->named_parameters()) {
    ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
    if (parameter.key().ends_with(".beta")) {
      EXPECT_GT(parameter.value().grad().abs().max().item<float>(), 0.0F) << parameter.key();
      ++of_the_layer;
    }
  }
  EXPECT_EQ(of_the_layer, 6) << "two cells of three edges";
}

}  // namespace
