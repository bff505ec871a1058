#include <gtest/gtest.h>

#include <limits>

#include "espalier/plugin/plugin_call.h"
#include "network/one_shot/hooked_optimizer.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

/// A mean over the images.
at::Tensor penalty(const at::Tensor& logits) { return 0.3 * logits.square().sum(1).mean(); }

/// What the candidates cost together.
at::Tensor cost(const at::Tensor& alpha) {
  return (at::softmax(alpha, 0) * at::tensor({0.5, 2.0, 1.0}, at::kDouble)).sum();
}

/// The gradients that the two steps of a search see.
struct SeenGradients {
  at::Tensor alpha;
  at::Tensor stem;
  StepResult result;
};

SeenGradients gradients_of(HookedOptimizer& optimizer, int accumulation) {
  const OneEdgeSpace space;
  SeenGradients seen;
  optimizer.on_step = [&](const Batch& train, const Batch& validation) {
    StepResult result;
    result.validation = optimizer.architecture_step(train, validation);
    seen.alpha = optimizer.alphas().front().grad().clone();
    result.train = optimizer.weight_step(train);
    seen.stem = optimizer.network().named_parameters()["stem.conv.weight"].grad().clone();
    return result;
  };
  optimizer.begin(space, {.sgd = {.learning_rate = 0.0, .learning_rate_min = 0.0, .clip = 0.0},
                          .accumulation = accumulation});
  optimizer.begin_epoch(0);
  seen.result = optimizer.step(batch(1), batch(2));
  return seen;
}

TEST(OutputLoss, IsAddedToEveryLossThatAGradientIsTakenOf) {
  for (const int accumulation : {1, 3}) {
    HookedOptimizer optimizer;
    optimizer.on_output_loss = [](const at::Tensor& logits, const at::Tensor&) { return penalty(logits); };
    const SeenGradients seen = gradients_of(optimizer, accumulation);

    HookedOptimizer unmoved;
    const OneEdgeSpace space;
    unmoved.begin(space);
    OneEdgeReference before(unmoved);
    (before.loss(batch(2)) + penalty(before.logits(batch(2).images))).backward();
    EXPECT_LT(distance(seen.alpha, before.alpha.grad()), 1e-12);
    EXPECT_NEAR(seen.result.validation->loss, before.loss(batch(2)).item<double>(), 1e-12)
        << "what is reported is the cross entropy";

    OneEdgeReference after(optimizer);  // the weights are those from before
    (after.loss(batch(1)) + penalty(after.logits(batch(1).images))).backward();
    EXPECT_LT(distance(seen.stem, after.stem.grad()), 1e-12);
    EXPECT_NEAR(seen.result.train.loss, after.loss(batch(1)).item<double>(), 1e-12);
  }
}

TEST(ArchitectureLoss, IsAddedOnceToTheLossThatTheArchitectureLearnsFrom) {
  for (const int accumulation : {1, 3}) {
    HookedOptimizer optimizer;
    optimizer.on_architecture_loss = [&] { return cost(optimizer.alphas().front()); };
    const SeenGradients seen = gradients_of(optimizer, accumulation);

    HookedOptimizer unmoved;
    const OneEdgeSpace space;
    unmoved.begin(space);
    OneEdgeReference before(unmoved);
    (before.loss(batch(2)) + cost(before.alpha)).backward();
    EXPECT_LT(distance(seen.alpha, before.alpha.grad()), 1e-12);

    OneEdgeReference after(optimizer);
    after.loss(batch(1)).backward();
    EXPECT_LT(distance(seen.stem, after.stem.grad()), 1e-12) << "the weights do not see it";
  }
}

/// The error of a step with an optimizer that a test prepares.
std::string mistake(const std::function<void(HookedOptimizer&)>& prepare) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  prepare(optimizer);
  optimizer.begin(space).begin_epoch(0);
  try {
    optimizer.step(batch(1), batch(2));
  } catch (const PluginFailure& failure) {
    EXPECT_EQ(failure.details().where, "optimizer 'hooked' (hooked.so)");
    return failure.details().what;
  }
  return "accepted";
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(OutputLoss, IsAFiniteScalarWithAGradient) {
  const auto refused = [](const std::function<at::Tensor(const at::Tensor&)>& loss) {
    return mistake([&](HookedOptimizer& optimizer) {
      optimizer.on_output_loss = [=](const at::Tensor& logits, const at::Tensor&) { return loss(logits); };
    });
  };
  EXPECT_EQ(refused([](const at::Tensor& logits) { return logits.mean(); }), "accepted");
  EXPECT_EQ(refused([](const at::Tensor& logits) { return logits.mean().reshape({1, 1}); }), "accepted");
  EXPECT_EQ(refused([](const at::Tensor&) { return at::Tensor(); }), "accepted") << "nothing is added";
  EXPECT_EQ(refused([](const at::Tensor& logits) { return logits.sum(1); }),
            "the plugin's output_loss() gave a tensor of sizes [5]");
  EXPECT_EQ(refused([](const at::Tensor& logits) { return logits.mean() * kNan; }),
            "the plugin's output_loss() gave nan");
  EXPECT_EQ(refused([](const at::Tensor&) { return at::full({}, 0.5, at::kDouble); }),
            "the plugin's output_loss() gave 0.5, which has no gradient");
}

TEST(ArchitectureLoss, IsAFiniteScalarWithAGradient) {
  const auto refused = [](const std::function<at::Tensor(const at::Tensor&)>& loss) {
    return mistake([&](HookedOptimizer& optimizer) {
      optimizer.on_architecture_loss = [=, &optimizer] { return loss(optimizer.alphas().front()); };
    });
  };
  EXPECT_EQ(refused(cost), "accepted");
  EXPECT_EQ(refused([](const at::Tensor& alpha) { return alpha * 1.0; }),
            "the plugin's architecture_loss() gave a tensor of sizes [3]");
  EXPECT_EQ(refused([](const at::Tensor& alpha) { return alpha.exp().sum() / 0.0; }),
            "the plugin's architecture_loss() gave inf");
  EXPECT_EQ(refused([](const at::Tensor&) { return at::full({}, 0.5, at::kDouble); }),
            "the plugin's architecture_loss() gave 0.5, which has no gradient");
}

}  // namespace
}  // namespace espalier::testing
