#include "espalier/network/compile/module_layer.h"

#include <gmock/gmock.h>
#include <torch/csrc/autograd/custom_function.h>

#include <stdexcept>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/plugin/plugin_call.h"
#include "network/small_networks.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct FailingFunction : torch::autograd::Function<FailingFunction> {
  static at::Tensor forward(torch::autograd::AutogradContext*, const at::Tensor& input) {
    return input * 2.0;
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext*,
                                                 const torch::autograd::variable_list&) {
    throw std::runtime_error("the slope is vertical");
  }
};

/// What a layer of a plugin does, as the tests tell it.
struct Behavior {
  bool fails_backwards = false;
  bool repeatable = false;
};

/// Scales each channel, and counts in a buffer how often it ran.
class DrivenModule final : public LayerModule {
 public:
  DrivenModule(Behavior behavior, int channels)
      : behavior_(behavior),
        factor_(register_parameter("factor", at::ones({1, channels, 1, 1}))),
        runs_(register_buffer("runs", at::zeros({1}))) {}
  void initialize(Rng&) override {
    factor_.fill_(1.5);
    runs_.zero_();
  }
  at::Tensor forward(const std::vector<at::Tensor>& inputs) override {
    runs_.add_(1.0);
    const at::Tensor output = inputs.front() * factor_;
    return behavior_.fails_backwards ? FailingFunction::apply(output) : output;
  }
  bool is_repeatable() const override { return behavior_.repeatable; }

 private:
  Behavior behavior_;
  at::Tensor factor_;
  at::Tensor runs_;
};

class DrivenLayer final : public ModuleLayer {
 public:
  explicit DrivenLayer(Behavior behavior) : behavior_(behavior) {}
  std::string_view kind() const override { return "driven"; }
  std::string describe() const override { return "driven"; }
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs.front(); }
  std::int64_t parameters(std::span<const Shape> inputs, Purpose) const override {
    return inputs.front().channels;
  }
  std::int64_t flops(std::span<const Shape> inputs) const override { return inputs.front().elements(); }
  std::shared_ptr<LayerModule> make_module(std::span<const Shape> inputs, Purpose) const override {
    return std::make_shared<DrivenModule>(behavior_, inputs.front().channels);
  }

 private:
  Behavior behavior_;
};

/// A stem, three cells that choose between a convolution and the layer, and a classifier.
class DrivenSpace final : public SearchSpace {
 public:
  explicit DrivenSpace(Behavior behavior) : SearchSpace(definition(behavior)) { set_name("driven"); }

 private:
  static SpaceDefinition definition(Behavior behavior) {
    Graph cell("cell");
    cell.add_node_range(1, 3).add_edges_densely();
    const Primitive driven("driven", {CustomLayer{std::make_shared<const DrivenLayer>(behavior)}});
    cell.update_edges([&](EdgeData& edge) {
      edge.set_op(Candidates{primitives::relu_conv_bn(4, 3), driven});
    });
    cell.set_scope("cells");
    Graph network("network");
    network.add_node_range(1, 6).add_edges({{1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}});
    network.edge(1, 2).set_op(primitives::stem(4));
    for (int i = 2; i < 5; ++i) network.edge(i, i + 1).set_op(cell.copy());
    network.edge(5, 6).set_op(primitives::classifier(4));
    return {.graph = std::move(network),
            .scopes = {"cells"},
            .input_shape = {.channels = 3, .height = 6, .width = 6}};
  }
};

std::shared_ptr<Network> network_of(const SearchSpace& space, Recompute recompute) {
  CompileOptions options = in_double();
  options.recompute = recompute;
  return compile(space.relax([&](std::size_t) {
    return std::make_shared<GivenWeighting>(at::zeros({2}, at::kDouble).requires_grad_());
  }),
                 space.input_shape(), Purpose::search, options);
}

TEST(ModuleLayerTest, AnErrorInTheBackwardPassNamesTheLayer) {
  const DrivenSpace space({.fails_backwards = true});
  const auto plugin = host::Host().optimizer("darts");
  auto& darts = dynamic_cast<OneShotOptimizer&>(*plugin);
  darts.adapt({.space = space, .seed = 1});
  darts.compile_supernet(in_double(), {});
  darts.begin_epoch(0);
  const Batch batch{.images = random_tensor({4, 3, 6, 6}, 1), .labels = at::arange(4, at::kLong)};
  try {
    darts.step(batch, batch);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const PluginFailure& failure) {
    EXPECT_EQ(failure.details().what, "the plugin's backward pass failed: the slope is vertical");
    EXPECT_THAT(failure.details().where, AllOf(HasSubstr("layer 'driven'"), HasSubstr("network_tests")));
  }
}

TEST(ModuleLayerTest, OneThatIsRepeatableIsComputedAgain) {
  const DrivenSpace space({.repeatable = true});
  const auto kept = network_of(space, Recompute::never);
  const auto recomputed = network_of(space, Recompute::always);
  const at::Tensor images = random_tensor({4, 3, 6, 6}, 1);
  for (const auto& network : {kept, recomputed})
    at::cross_entropy_loss(network->forward(images), at::arange(4, at::kLong)).backward();
  const auto expected = kept->named_parameters();
  for (const auto& parameter : recomputed->named_parameters())
    EXPECT_TRUE(at::allclose(parameter.value().grad(), expected[parameter.key()].grad(), 1e-10, 1e-12))
        << parameter.key();
  int counters = 0;
  for (const auto& buffer : recomputed->named_buffers()) {
    if (!buffer.key().ends_with(".runs")) continue;
    ++counters;
    EXPECT_EQ(buffer.value().item<double>(), 1.0) << "the second run leaves no trace at " << buffer.key();
  }
  EXPECT_EQ(counters, 9);
}

TEST(ModuleLayerTest, OneThatIsNotRepeatableRefusesToBe) {
  const DrivenSpace space({});
  EXPECT_NO_THROW(network_of(space, Recompute::automatic));
  try {
    network_of(space, Recompute::always);
    ADD_FAILURE() << "accepted";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.details().what, HasSubstr("cannot compute the layer 'driven'"));
    EXPECT_THAT(error.details().where, HasSubstr("cell"));
    EXPECT_THAT(error.details().remedy, HasSubstr("recompute: auto"));
  }
}

}  // namespace
}  // namespace espalier::testing
