#include <gmock/gmock.h>

#include "network/one_shot/edge_of_four.h"

namespace espalier::testing {
namespace {

/// Weights of which two are exactly zero, as they stand or with a gradient.
at::Tensor half_zero() { return at::tensor({0.4, 0.0, 0.6, 0.0}, at::kDouble); }

TEST(CandidatesOfWeightZero, DoNotRunWhereTheWeightNeedsNoGradient) {
  const at::Tensor fixed = half_zero();
  std::vector<CountedOutcome> outcomes;
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
  const CountedOutcome not_run = run([&] { return fixed; }, {}, fixed, CompileOptions::reference());
  std::vector<CountedOutcome> outcomes;
  for (const CompileOptions& options : {CompileOptions(), CompileOptions::reference()}) {
    const at::Tensor learned = half_zero().requires_grad_();
    outcomes.push_back(run([&] { return learned; }, {}, learned, options));
    CountedOutcome& outcome = outcomes.back();
    expect_run(outcome.tensors, kConv3, true);
    EXPECT_EQ(outcome.calls, 1);
    for (const std::int64_t candidate : {0, 1, 2, 3})
      EXPECT_NE(outcome.tensors.at("alpha")[candidate].item<double>(), 0.0) << candidate;
    const at::Tensor unweighted = outcome.tensors.at(std::string(kConv3) + "conv.weight");
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
  std::vector<CountedOutcome> outcomes;
  for (const CompileOptions& options : {CompileOptions(), CompileOptions::reference()}) {
    outcomes.push_back(run([&] { return zeros; }, {}, zeros, options));
    const CountedOutcome& outcome = outcomes.back();
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
