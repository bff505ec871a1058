#include <gtest/gtest.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include "network/one_shot/hooked_optimizer.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

constexpr WeightTraining kUnclipped{
    .sgd = {.epochs = 2, .learning_rate = 0.1, .learning_rate_min = 0.1, .clip = 0.0}};

torch::optim::SGD sgd_of(const OneEdgeReference& reference) {
  return torch::optim::SGD(reference.weights(),
                           torch::optim::SGDOptions(0.1).momentum(0.9).weight_decay(3e-4));
}

torch::optim::Adam adam_of(const OneEdgeReference& reference) {
  return torch::optim::Adam({reference.alpha},
                            torch::optim::AdamOptions(3e-4).betas({0.5, 0.999}).weight_decay(1e-3));
}

/// One step of a LibTorch optimizer by the gradient of the loss on a batch.
void move_once(torch::optim::Optimizer& optimizer, const OneEdgeReference& reference, const Batch& data) {
  optimizer.zero_grad();
  reference.loss(data).backward();
  optimizer.step();
}

TEST(ComposedSteps, TheArchitectureRestsInEpochsThatSkipIt) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.on_learns_architecture = [](int epoch) { return epoch >= 1; };
  optimizer.begin(space, kUnclipped);
  OneEdgeReference reference(optimizer);
  torch::optim::SGD sgd = sgd_of(reference);
  const at::Tensor before = optimizer.alphas().front().detach().clone();

  optimizer.begin_epoch(0);
  EXPECT_FALSE(optimizer.uses_validation());
  for (std::uint64_t step = 0; step < 3; ++step) {
    const StepResult result = optimizer.step(batch(step), Batch());
    EXPECT_FALSE(result.validation.has_value());
    EXPECT_NEAR(result.train.loss, reference.loss(batch(step)).item<double>(), 1e-12);
    move_once(sgd, reference, batch(step));
    EXPECT_TRUE(at::equal(optimizer.alphas().front(), before));
    EXPECT_LT(distance(optimizer, reference), 1e-12);
  }

  optimizer.begin_epoch(1);
  EXPECT_TRUE(optimizer.uses_validation());
  EXPECT_NEAR(optimizer.step(batch(1), batch(2)).validation->loss, reference.loss(batch(2)).item<double>(),
              1e-12);
  torch::optim::Adam adam = adam_of(reference);
  move_once(adam, reference, batch(2));
  EXPECT_LT(distance(optimizer.alphas().front(), reference.alpha), 1e-12);
}

TEST(ComposedSteps, WeightsAlone) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.on_step = [&](const Batch& train, const Batch&) {
    return StepResult{.train = optimizer.weight_step(train), .validation = {}};
  };
  optimizer.begin(space, kUnclipped).begin_epoch(0);
  OneEdgeReference reference(optimizer);
  torch::optim::SGD sgd = sgd_of(reference);
  const at::Tensor before = optimizer.alphas().front().detach().clone();
  for (std::uint64_t step = 0; step < 2; ++step) {
    EXPECT_FALSE(optimizer.step(batch(step), batch(9)).validation.has_value());
    move_once(sgd, reference, batch(step));
  }
  EXPECT_LT(distance(optimizer, reference), 1e-12);
  EXPECT_TRUE(at::equal(optimizer.alphas().front(), before));
}

TEST(ComposedSteps, TheArchitectureAlone) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.on_step = [&](const Batch& train, const Batch& validation) {
    const BatchResult judged = optimizer.architecture_step(train, validation);
    return StepResult{.train = optimizer.evaluate(train), .validation = judged};
  };
  optimizer.begin(space, kUnclipped).begin_epoch(0);
  OneEdgeReference reference(optimizer);
  torch::optim::Adam adam = adam_of(reference);
  for (std::uint64_t step = 0; step < 2; ++step) {
    const StepResult result = optimizer.step(batch(8), batch(step));
    move_once(adam, reference, batch(step));
    EXPECT_NEAR(result.train.loss, reference.loss(batch(8)).item<double>(), 1e-12) << "as it is now";
  }
  EXPECT_LT(distance(optimizer.alphas().front(), reference.alpha), 1e-12);
  EXPECT_EQ(distance(optimizer, reference), 0.0) << "no weight moved";
}

TEST(ComposedSteps, TheGradientOfTheArchitectureByHand) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.on_architecture_gradient = [&](const Batch&, const Batch& validation) {
    optimizer.alphas().front().mutable_grad() = random_tensor({3}, optimizer.steps());
    return optimizer.evaluate(validation);
  };
  optimizer.begin(space, kUnclipped).begin_epoch(0);
  OneEdgeReference reference(optimizer);
  torch::optim::Adam adam = adam_of(reference);
  torch::optim::SGD sgd = sgd_of(reference);
  for (std::uint64_t step = 0; step < 3; ++step) {
    optimizer.step(batch(step), batch(10 + step));
    reference.alpha.mutable_grad() = random_tensor({3}, step);
    adam.step();
    move_once(sgd, reference, batch(step));
    EXPECT_LT(distance(optimizer.alphas().front(), reference.alpha), 1e-12);
    EXPECT_LT(distance(optimizer, reference), 1e-12);
  }
}

TEST(ComposedSteps, StepsDoNotDependOnThePartsOfABatchAndPassesDo) {
  const OneEdgeSpace space;
  for (const int parts : {1, 3}) {
    HookedOptimizer optimizer;
    std::vector<std::uint64_t> steps;
    std::vector<std::uint64_t> passes;
    optimizer.on_relax = [&](const at::Tensor& alpha, std::size_t) {
      return std::make_shared<FunctionWeighting>(3, [&, alpha] {
        steps.push_back(optimizer.steps());
        passes.push_back(optimizer.passes());
        return at::softmax(alpha, 0);
      });
    };
    optimizer.begin(space, {.sgd = {.epochs = 1}, .accumulation = parts}).begin_epoch(0);
    for (int step = 0; step < 2; ++step) optimizer.step(batch(1), batch(2));
    EXPECT_EQ(optimizer.steps(), 2U);
    EXPECT_EQ(optimizer.passes(), 2U * 2U * static_cast<std::uint64_t>(parts));
    std::vector<std::uint64_t> expected_steps;
    std::vector<std::uint64_t> expected_passes;
    for (int pass = 0; pass < 4 * parts; ++pass) {
      expected_steps.push_back(pass < 2 * parts ? 0 : 1);
      expected_passes.push_back(static_cast<std::uint64_t>(pass) + 1);
    }
    EXPECT_EQ(steps, expected_steps) << "the index of the present step, in all of its passes";
    EXPECT_EQ(passes, expected_passes) << "another index in each pass";
  }
}

}  // namespace
}  // namespace espalier::testing
