#include <ATen/ATen.h>
#include <espalier/contract/layer.h>
#include <espalier/contract/network.h>
#include <espalier/contract/search_space.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

// The rules that every layer, space and network must keep: they report their shapes and parameters
// truthfully, gradients reach every weight, and so on.
ESPALIER_LAYER_CONTRACT(my_layer, {.options = "{channels: 4}", .inputs = {{4, 8, 8}}});
ESPALIER_SEARCH_SPACE_CONTRACT(my_layer, {.options = "{channels: 4}"});
ESPALIER_NETWORK_CONTRACT(my_layer, {.options = "{channels: 4}"});

namespace {

TEST(MyLayerTest, StartsAsSiLU) {
  const at::NoGradGuard no_gradients;
  espalier::Rng rng(0, "test");
  espalier::host::Host host;
  const auto space = host.search_space("my_layer", "{channels: 4}");
  const auto [layer, inputs] = espalier::contract::find_layer(*space, "my_layer");
  const auto module = layer->make_module(inputs, espalier::Purpose::search);
  module->initialize(rng);
  const at::Tensor images = at::randn({2, 4, 8, 8});
  EXPECT_TRUE(at::allclose(module->forward({images}), at::silu(images)));
}

}  // namespace
