#include "espalier/network/one_shot/one_shot_optimizer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "espalier/host/host.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

TEST(DartsTest, StepsAreThoseOfAHandWrittenLoop) {
  const OneEdgeSpace space;
  const auto plugin = host::Host().optimizer("darts");
  auto& darts = dynamic_cast<OneShotOptimizer&>(*plugin);
  darts.adapt({.space = space, .seed = 3});
  darts.compile_supernet(
      in_double(), {.sgd = {.epochs = 4, .learning_rate = 0.1, .learning_rate_min = 0.0, .clip = 0.05}});
  OneEdgeReference reference(darts);
  torch::optim::Adam adam({reference.alpha},
                          torch::optim::AdamOptions(3e-4).betas({0.5, 0.999}).weight_decay(1e-3));
  torch::optim::SGD sgd(reference.weights(), torch::optim::SGDOptions(0.1).momentum(0.9).weight_decay(3e-4));
  for (int epoch = 0; epoch < 3; ++epoch) {
    darts.begin_epoch(epoch);
    for (std::uint64_t step = 0; step < 2; ++step) {
      const Batch train = batch(10 + step);
      const Batch validation = batch(20 + step);
      const StepResult result = darts.step(train, validation);

      adam.zero_grad();
      const at::Tensor validation_loss = reference.loss(validation);
      validation_loss.backward();
      adam.step();
      sgd.zero_grad();
      const at::Tensor train_loss = reference.loss(train);
      train_loss.backward();
      double squares = 0.0;
      for (const at::Tensor& weight : reference.weights())
        squares += weight.grad().square().sum().item<double>();
      for (at::Tensor weight : reference.weights())
        weight.grad().mul_(std::min(1.0, 0.05 / (std::sqrt(squares) + 1e-6)));
      static_cast<torch::optim::SGDOptions&>(sgd.param_groups()[0].options())
          .lr(0.1 * (1.0 + std::cos(M_PI * epoch / 4)) / 2);
      sgd.step();
      reference.alpha.mutable_grad().reset();

      EXPECT_NEAR(result.validation->loss, validation_loss.item<double>(), 1e-12);
      EXPECT_NEAR(result.train.loss, train_loss.item<double>(), 1e-12);
      const auto parameters = darts.network().named_parameters();
      EXPECT_LT(distance(darts.alphas().front(), reference.alpha), 1e-12);
      EXPECT_LT(distance(parameters["stem.conv.weight"], reference.stem), 1e-12);
      EXPECT_LT(distance(parameters["cell_1.edge_1_2.conv.weight"], reference.conv), 1e-12);
      EXPECT_LT(distance(parameters["classifier.linear.bias"], reference.bias), 1e-12);
    }
  }
}

TEST(DartsTest, TheSecondOrderStepIsTheGradientThroughTheTrainingStep) {
  const OneEdgeSpace space;
  constexpr double learning_rate = 0.5;
  // Adam's first step is the gradient's sign times its rate, so the gradient is read from its mean.
  const auto plugin = host::Host().optimizer("darts", "{order: 2, architecture_weight_decay: 0}");
  auto& darts = dynamic_cast<OneShotOptimizer&>(*plugin);
  darts.adapt({.space = space, .seed = 3});
  darts.compile_supernet(
      in_double(),
      {.sgd = {.learning_rate = learning_rate, .learning_rate_min = learning_rate, .clip = 0.0}});
  darts.begin_epoch(0);
  const OneEdgeReference before(darts);

  // L_val(w - ξ(∇w L_train(w, α) + decay·w), α) as a function of α, by central differences.
  const auto unrolled = [&](const at::Tensor& alpha) {
    OneEdgeReference moved = before;
    for (at::Tensor* weight : {&moved.stem, &moved.conv, &moved.weight, &moved.bias})
      *weight = weight->detach().clone().requires_grad_();
    moved.alpha = alpha;
    moved.loss(batch(10)).backward();
    const at::NoGradGuard no_grad;
    for (at::Tensor weight : moved.weights()) weight.sub_((weight.grad() + 3e-4 * weight) * learning_rate);
    return moved.loss(batch(20)).item<double>();
  };
  std::vector<double> expected;
  for (std::int64_t i = 0; i < 3; ++i) {
    constexpr double step = 1e-4;
    at::Tensor above = before.alpha.detach().clone();
    at::Tensor below = above.clone();
    above[i] += step;
    below[i] -= step;
    expected.push_back((unrolled(above) - unrolled(below)) / (2 * step));
  }

  darts.step(batch(10), batch(20));
  const auto means =
      darts.save().at("parameters").at("alphas").at("method").at("means").at(0).at("bytes").get_binary();
  std::array<double, 3> gradient{};
  std::memcpy(gradient.data(), means.data(), sizeof gradient);
  OneEdgeReference first_order = before;
  first_order.loss(batch(20)).backward();
  for (std::size_t i = 0; i < 3; ++i) {
    gradient.at(i) /= 1.0 - 0.5;  // the mean after one step
    const double size = std::abs(expected[i]) + 1e-3;
    EXPECT_NEAR(gradient.at(i), expected[i], 1e-3 * size);
    const double direct = before.alpha.grad()[static_cast<std::int64_t>(i)].item<double>();
    EXPECT_GT(std::abs(direct - expected[i]), 1e-2 * size) << "the second term matters here";
  }
}

/// GDAS on the one edge, and its weighting.
struct GdasFixture : ::testing::Test {
  void SetUp() override {
    plugin = host::Host().optimizer("gdas", "{tau_max: 10, tau_min: 0.1}");
    gdas = &dynamic_cast<OneShotOptimizer&>(*plugin);
    gdas->adapt({.space = space, .seed = 3});
    gdas->compile_supernet(in_double(), {.sgd = {.epochs = 12}});
    gdas->begin_epoch(0);
    for (const LayerGraph::Node& node : gdas->network().plan().graph.nodes)
      if (node.weighting) weighting = dynamic_cast<OpWeighting*>(node.weighting.get());
    ASSERT_NE(weighting, nullptr);
  }
  /// The candidate that runs.
  std::size_t drawn() const {
    for (std::size_t i = 0; i < weighting->size(); ++i)
      if (weighting->runs(i)) return i;
    ADD_FAILURE() << "nothing runs";
    return 0;
  }
  void set_alpha(const at::Tensor& values) {
    const at::NoGradGuard no_grad;
    gdas->alphas().front().copy_(values);
  }

  const OneEdgeSpace space;
  std::unique_ptr<Optimizer> plugin;
  OneShotOptimizer* gdas = nullptr;
  OpWeighting* weighting = nullptr;
};

TEST_F(GdasFixture, DrawsCandidatesAsOftenAsTheySoftmaxSays) {
  set_alpha(at::tensor({0.0, 1.0, -1.0}, at::kDouble));
  const at::Tensor expected = at::softmax(gdas->alphas().front().detach(), 0);
  std::array<int, 3> counts{};
  constexpr int draws = 1500;
  for (int i = 0; i < draws; ++i) {
    gdas->step(batch(1), batch(2));  // two draws, the second after a change of the parameters
    set_alpha(at::tensor({0.0, 1.0, -1.0}, at::kDouble));
    const at::Tensor weights = weighting->weights().detach();
    const std::size_t selected = drawn();
    ++counts.at(selected);
    EXPECT_NEAR(weights[static_cast<std::int64_t>(selected)].item<double>(), 1.0, 1e-12);
    EXPECT_NEAR(weights.abs().sum().item<double>(), 1.0, 1e-12) << "hard";
  }
  double chi_square = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double mean = draws * expected[static_cast<std::int64_t>(i)].item<double>();
    chi_square += (counts.at(i) - mean) * (counts.at(i) - mean) / mean;
  }
  EXPECT_LT(chi_square, 13.8) << "99.9 % of all samples, two degrees of freedom";
}

TEST_F(GdasFixture, TheGradientPassesStraightThroughTheSoftmaxAtTau) {
  set_alpha(at::tensor({0.3, 1.0, -0.5}, at::kDouble));
  for (const int epoch : {0, 6, 11}) {
    gdas->begin_epoch(epoch);
    const double tau = 10.0 + (0.1 - 10.0) * epoch / 11.0;
    const at::Tensor alpha = gdas->alphas().front();
    alpha.requires_grad_();
    const at::Tensor weights = weighting->weights();
    // The same noise again.
    Rng rng(3, "gumbel/0", 0);
    at::Tensor gumbel = at::empty({3}, at::kDouble);
    for (std::int64_t i = 0; i < 3; ++i) gumbel[i] = -std::log(-std::log(rng.uniform()));
    const at::Tensor p = at::softmax((at::log_softmax(alpha.detach(), 0) + gumbel) / tau, 0);
    EXPECT_EQ(p.argmax().item<std::int64_t>(), static_cast<std::int64_t>(drawn()));
    for (std::int64_t k = 0; k < 3; ++k) {
      alpha.mutable_grad().reset();
      weights[k].backward({}, /*retain_graph=*/true);
      const at::Tensor expected = (at::eye(3, at::kDouble)[k] * p - p[k] * p) / tau;
      EXPECT_LT(distance(alpha.grad(), expected), 1e-12) << "epoch " << epoch;
    }
  }
}

TEST_F(GdasFixture, OnlyWhatWasDrawnLearns) {
  const auto parameters = gdas->network().named_parameters();
  const at::Tensor conv = parameters["cell_1.edge_1_2.conv.weight"];
  set_alpha(at::tensor({100.0, 0.0, 0.0}, at::kDouble));
  const at::Tensor before = conv.detach().clone();
  gdas->step(batch(1), batch(2));
  EXPECT_TRUE(at::equal(conv, before)) << "neither gradient nor decay";
  set_alpha(at::tensor({0.0, 100.0, 0.0}, at::kDouble));
  gdas->step(batch(1), batch(2));
  EXPECT_FALSE(at::equal(conv, before));
}

TEST(OneShotOptimizerTest, RefusesADamagedState) {
  const OneEdgeSpace space;
  const auto make = [&] {
    auto plugin = host::Host().optimizer("gdas");
    plugin->adapt({.space = space, .seed = 7});
    dynamic_cast<OneShotOptimizer&>(*plugin).compile_supernet(in_double(), {});
    return plugin;
  };
  nlohmann::json state = make()->save();
  EXPECT_NO_THROW(make()->load(state));
  state["network"].erase("stem.conv.weight");
  EXPECT_THROW(make()->load(state), Error);
  EXPECT_THROW(make()->load(nlohmann::json::object()), Error);
}

TEST(OneShotOptimizerTest, ABatchInPartsGivesTheSameGradient) {
  const OneEdgeSpace space;  // without batch norm, whose statistics are those of a part
  const auto train = [&](int parts) {
    auto plugin = host::Host().optimizer("darts");
    auto& darts = dynamic_cast<OneShotOptimizer&>(*plugin);
    darts.adapt({.space = space, .seed = 3});
    darts.compile_supernet(in_double(), {.sgd = {}, .accumulation = parts});
    darts.begin_epoch(0);
    darts.step(batch(1), batch(2));
    return darts.network().named_parameters()["stem.conv.weight"].detach().clone();
  };
  EXPECT_LT(distance(train(3), train(1)), 1e-12);
}

TEST(OneShotOptimizerTest, ALossThatIsNotFiniteIsAnError) {
  const OneEdgeSpace space;
  auto plugin = host::Host().optimizer("darts");
  auto& darts = dynamic_cast<OneShotOptimizer&>(*plugin);
  darts.adapt({.space = space, .seed = 3});
  darts.compile_supernet(in_double(), {});
  darts.begin_epoch(0);
  Batch bad = batch(1);
  bad.images[0][0][0][0] = std::nan("");
  try {
    darts.step(bad, bad);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.details().what, ::testing::HasSubstr("not finite"));
    EXPECT_THAT(error.details().remedy, ::testing::HasSubstr("learning rate"));
  }
}

}  // namespace
}  // namespace espalier::testing
