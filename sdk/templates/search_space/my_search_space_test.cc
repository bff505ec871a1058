#include <espalier/host/host.h>
#include <espalier/layer_graph.h>
#include <gtest/gtest.h>

namespace {

class MySearchSpaceTest : public testing::Test {
 protected:
  espalier::host::Host host_;
  std::unique_ptr<espalier::SearchSpace> space_ = host_.search_space("my_search_space");
};

TEST_F(MySearchSpaceTest, HasAsManyArchitecturesAsItSays) { EXPECT_EQ(space_->size(), 4096); }

TEST_F(MySearchSpaceTest, ReadsWhatItPrints) {
  for (std::uint64_t i = 0; i < 100; ++i) {
    espalier::Rng rng(0, "test", i);
    const espalier::Architecture sample = space_->sample(rng);
    EXPECT_EQ(space_->parse(space_->to_string(sample)), sample);
  }
}

TEST_F(MySearchSpaceTest, EveryNetworkTellsTheClassesApart) {
  const auto small = host_.search_space("my_search_space", "{channels: 4, classes: 7}");
  for (std::uint64_t index = 0; index < 4096; index += 97) {
    const espalier::LayerGraph network = espalier::flatten(
        small->instantiate(small->at(index)), small->input_shape(), espalier::Purpose::evaluation);
    EXPECT_EQ(network.output(), (espalier::Shape{.channels = 7, .height = 1, .width = 1}));
  }
}

}  // namespace
