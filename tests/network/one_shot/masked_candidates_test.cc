#include <gmock/gmock.h>

#include "espalier/network/compile/module_layer.h"
#include "network/one_shot/hooked_optimizer.h"
#include "network/small_networks.h"
#include "network/small_outcome.h"

namespace espalier::testing {
namespace {

/// Counts how often it runs.
class CountingModule final : public LayerModule {
 public:
  explicit CountingModule(std::shared_ptr<int> calls) : calls_(std::move(calls)) {}
  void initialize(Rng&) override {}
  at::Tensor forward(const std::vector<at::Tensor>& inputs) override {
    ++*calls_;
    return inputs.front() * 2.0;
  }

 private:
  std::shared_ptr<int> calls_;
};

class CountingLayer final : public ModuleLayer {
 public:
  explicit CountingLayer(std::shared_ptr<int> calls) : calls_(std::move(calls)) {}
  std::string_view kind() const override { return "counting"; }
  std::string describe() const override { return "counting"; }
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs.front(); }
  std::int64_t parameters(std::span<const Shape>, Purpose) const override { return 0; }
  std::int64_t flops(std::span<const Shape>) const override { return 0; }
  std::shared_ptr<LayerModule> make_module(std::span<const Shape>, Purpose) const override {
    return std::make_shared<CountingModule>(calls_);
  }

 private:
  std::shared_ptr<int> calls_;
};

/// An edge of four candidates; two have a batch norm, and one is a plugin's own layer.
class EdgeOfFour final : public SearchSpace {
 public:
  explicit EdgeOfFour(const std::shared_ptr<int>& calls) : SearchSpace(definition(calls)) {
    set_name("edge_of_four");
  }

 private:
  static SpaceDefinition definition(const std::shared_ptr<int>& calls) {
    Graph network("network");
    network.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    network.edge(1, 2).set_op(primitives::stem(4));
    network.edge(2, 3).set_op(
        Candidates{primitives::identity(), primitives::relu_conv_bn(4, 3).renamed("conv_3x3"),
                   primitives::relu_conv_bn(4, 1).renamed("conv_1x1"),
                   Primitive("counting", {CustomLayer{std::make_shared<const CountingLayer>(calls)}})});
    network.edge(3, 4).set_op(primitives::classifier(4));
    return {.graph = std::move(network), .input_shape = {.channels = 3, .height = 6, .width = 6}};
  }
};

/// What a pass left, and how often the plugin's layer ran.
struct MaskedOutcome {
  SmallOutcome tensors;
  int calls;
};

/// Runs a forward and a backward pass of the space under a weighting.
MaskedOutcome run(const FunctionWeighting::Weights& weights, const FunctionWeighting::Runs& runs,
                  const at::Tensor& alpha, CompileOptions options) {
  const auto calls = std::make_shared<int>(0);
  const EdgeOfFour space(calls);
  options.dtype = at::kDouble;
  options.seed = 1;
  const auto network =
      compile(space.relax([&](std::size_t) { return std::make_shared<FunctionWeighting>(4, weights, runs); }),
              space.input_shape(), Purpose::search, options);
  network->train();
  alpha.mutable_grad().reset();
  SmallOutcome tensors = outcome_of(*network, random_tensor({5, 3, 6, 6}, 1).requires_grad_(), alpha);
  return {.tensors = std::move(tensors), .calls = *calls};
}

const std::string kConv3 = "edge_2_3.conv_3x3.";
const std::string kConv1 = "edge_2_3.conv_1x1.";

at::Tensor an_alpha() { return at::tensor({0.3, -0.2, 0.5, 0.1}, at::kDouble).requires_grad_(); }

/// A softmax of what a mask leaves, on both paths.
std::vector<MaskedOutcome> masked(const std::vector<double>& mask) {
  const at::Tensor alpha = an_alpha();
  const at::Tensor log_mask = at::tensor(mask, at::kDouble).log();
  std::vector<MaskedOutcome> outcomes;
  for (const CompileOptions& options : {CompileOptions(), CompileOptions::reference()})
    outcomes.push_back(run([&] { return at::softmax(alpha + log_mask, 0); },
                           [&](std::size_t candidate) { return mask[candidate] != 0.0; }, alpha, options));
  return outcomes;
}

/// Whether a candidate with a batch norm ran.
void expect_run(const SmallOutcome& outcome, const std::string& candidate, bool ran) {
  EXPECT_EQ(outcome.at(candidate + "conv.weight").defined(), ran) << candidate;
  const at::Tensor mean = outcome.at(candidate + "bn.running_mean");
  const at::Tensor variance = outcome.at(candidate + "bn.running_var");
  EXPECT_EQ(at::equal(mean, at::zeros_like(mean)), !ran) << candidate;
  EXPECT_EQ(at::equal(variance, at::ones_like(variance)), !ran) << candidate;
}

TEST(MaskedCandidates, LearnNothingAndCostNothing) {
  const std::vector<MaskedOutcome> outcomes = masked({1.0, 0.0, 1.0, 0.0});
  for (const MaskedOutcome& outcome : outcomes) {
    expect_run(outcome.tensors, kConv3, false);
    expect_run(outcome.tensors, kConv1, true);
    EXPECT_EQ(outcome.calls, 0) << "a plugin's layer is not even called";
    const at::Tensor gradient = outcome.tensors.at("alpha");
    for (const std::int64_t candidate : {1, 3}) EXPECT_EQ(gradient[candidate].item<double>(), 0.0);
    for (const std::int64_t candidate : {0, 2}) EXPECT_NE(gradient[candidate].item<double>(), 0.0);
  }
  expect_same(outcomes[0].tensors, outcomes[1].tensors);
}

TEST(MaskedCandidates, AllOthersRun) {
  const std::vector<MaskedOutcome> outcomes = masked({0.0, 1.0, 0.0, 1.0});
  for (const MaskedOutcome& outcome : outcomes) {
    expect_run(outcome.tensors, kConv3, true);
    expect_run(outcome.tensors, kConv1, false);
    EXPECT_EQ(outcome.calls, 1);
  }
  expect_same(outcomes[0].tensors, outcomes[1].tensors);
}

/// Weights of which two are exactly zero, as they stand or with a gradient.
at::Tensor half_zero() { return at::tensor({0.4, 0.0, 0.6, 0.0}, at::kDouble); }

TEST(CandidatesOfWeightZero, DoNotRunWhereTheWeightNeedsNoGradient) {
  const at::Tensor fixed = half_zero();
  std::vector<MaskedOutcome> outcomes;
  for (const CompileOptions& options : {CompileOptions(), CompileOptions::reference()}) {
    outcomes.push_back(run([&] { return fixed; }, {}, fixed, options));
    expect_run(outcomes.back().tensors, kConv3, false);
    expect_run(outcomes.back().tensors, kConv1, true);
    EXPECT_EQ(outcomes.back().calls, 0);
  }
  expect_same(outcomes[0].tensors, outcomes[1].tensors);
}

TEST(CandidatesOfWeightZero, RunWhereTheWeightNeedsAGradient) {
  const at::Tensor fixed = half_zero();
  const MaskedOutcome not_run = run([&] { return fixed; }, {}, fixed, CompileOptions::reference());
  std::vector<MaskedOutcome> outcomes;
  for (const CompileOptions& options : {CompileOptions(), CompileOptions::reference()}) {
    const at::Tensor learned = half_zero().requires_grad_();
    outcomes.push_back(run([&] { return learned; }, {}, learned, options));
    MaskedOutcome& outcome = outcomes.back();
    expect_run(outcome.tensors, kConv3, true);
    EXPECT_EQ(outcome.calls, 1);
    for (const std::int64_t candidate : {0, 1, 2, 3})
      EXPECT_NE(outcome.tensors.at("alpha")[candidate].item<double>(), 0.0) << candidate;
    const at::Tensor unweighted = outcome.tensors.at(kConv3 + "conv.weight");
    EXPECT_LT(unweighted.abs().max().item<double>(), 1e-15) << "what it computes weighs nothing";
    for (const std::string name : {"output", "images", "edge_2_3.conv_1x1.conv.weight", "stem.conv.weight",
                                   "classifier.linear.weight"})
      EXPECT_LT((outcome.tensors.at(name) - not_run.tensors.at(name)).abs().max().item<double>(), 1e-12)
          << name;
  }
  expect_same(outcomes[0].tensors, outcomes[1].tensors);
}

TEST(CandidatesOfWeightZero, RunInTheArchitectureStepAlone) {
  const auto calls = std::make_shared<int>(0);
  const EdgeOfFour space(calls);
  HookedOptimizer optimizer;
  std::vector<int> calls_of_steps;
  optimizer.on_relax = [&](const at::Tensor& alpha, std::size_t) {
    return std::make_shared<FunctionWeighting>(4, [=] { return alpha * half_zero(); });
  };
  optimizer.on_step = [&](const Batch& train, const Batch& validation) {
    StepResult result;
    result.validation = optimizer.architecture_step(train, validation);
    calls_of_steps.push_back(*calls);
    result.train = optimizer.weight_step(train);
    calls_of_steps.push_back(*calls);
    return result;
  };
  optimizer.begin(space).begin_epoch(0);
  const Batch batch{.images = random_tensor({4, 3, 6, 6}, 1), .labels = at::arange(4, at::kLong)};
  for (int step = 0; step < 2; ++step) optimizer.step(batch, batch);
  EXPECT_THAT(calls_of_steps, ::testing::ElementsAre(1, 1, 2, 2));
}

TEST(CandidatesOfWeightZero, NothingButZerosGivesZeros) {
  const at::Tensor zeros = at::zeros({4}, at::kDouble);
  std::vector<MaskedOutcome> outcomes;
  for (const CompileOptions& options : {CompileOptions(), CompileOptions::reference()}) {
    outcomes.push_back(run([&] { return zeros; }, {}, zeros, options));
    const MaskedOutcome& outcome = outcomes.back();
    EXPECT_EQ(outcome.calls, 0);
    const at::Tensor output = outcome.tensors.at("output");
    EXPECT_TRUE(at::equal(output, output[0].expand_as(output))) << "every image gets the bias alone";
    EXPECT_FALSE(outcome.tensors.at("stem.conv.weight").defined());
    EXPECT_FALSE(outcome.tensors.at("images").defined());
    EXPECT_TRUE(outcome.tensors.at("classifier.linear.bias").defined());
  }
  expect_same(outcomes[0].tensors, outcomes[1].tensors);
}

}  // namespace
}  // namespace espalier::testing
