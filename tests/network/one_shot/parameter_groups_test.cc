#include <gtest/gtest.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include "network/one_shot/hooked_optimizer.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

using Moved = ParameterOptions::Moved;
using Method = ParameterOptions::Method;

constexpr int kEpochs = 3;
constexpr int kSteps = 2;  ///< of each epoch

double halved(int epoch, int epochs) { return epochs == kEpochs ? std::pow(0.5, epoch) : 0.0; }

const ParameterOptions kAdam{.method = Method::adam,
                             .learning_rate = 0.1,
                             .weight_decay = 0.05,
                             .beta1 = 0.7,
                             .beta2 = 0.9,
                             .epsilon = 1e-3,
                             .schedule = halved};
const ParameterOptions kSgd{.method = Method::sgd,
                            .learning_rate = 0.2,
                            .weight_decay = 0.05,
                            .clip = 0.7,
                            .momentum = 0.8,
                            .schedule = halved};

std::vector<at::Tensor> initial_group() { return {random_tensor({3}, 50), random_tensor({2, 2}, 51)}; }

/// The gradients of a step: those of a loss that is Σ parameter·gradient.
std::vector<at::Tensor> gradients(std::uint64_t step) {
  return {random_tensor({3}, 60 + step), random_tensor({2, 2}, 70 + step)};
}

at::Tensor loss_of(const std::vector<at::Tensor>& group, std::uint64_t step) {
  const std::vector<at::Tensor> gradient = gradients(step);
  return (group[0] * gradient[0]).sum() + (group[1] * gradient[1]).sum();
}

/// The group after each step of a search in which it gets these gradients.
std::vector<std::vector<at::Tensor>> moved_by_search(ParameterOptions options, Moved moved) {
  const OneEdgeSpace space;
  const std::vector<at::Tensor> group = initial_group();
  HookedOptimizer optimizer{HookedOptimizer::WithoutAlphas()};
  options.moved = moved;
  optimizer.on_begin_search = [&](at::ScalarType) { optimizer.add_parameters("group", group, options); };
  const auto loss = [&] { return loss_of(group, optimizer.steps()); };
  if (moved == Moved::with_architecture) optimizer.on_architecture_loss = loss;
  if (moved == Moved::with_weights)
    optimizer.on_output_loss = [&](const at::Tensor&, const at::Tensor&) { return loss(); };
  if (moved == Moved::on_request)
    optimizer.on_step = [&](const Batch& train, const Batch&) {
      const StepResult result{.train = optimizer.weight_step(train), .validation = {}};
      loss().backward();
      optimizer.move_parameters("group");
      EXPECT_FALSE(group[0].grad().defined()) << "it was used";
      return result;
    };
  optimizer.begin(space, {.sgd = {.epochs = kEpochs}, .accumulation = 3});
  std::vector<std::vector<at::Tensor>> all;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    optimizer.begin_epoch(epoch);
    EXPECT_EQ(optimizer.uses_validation(), moved == Moved::with_architecture);
    for (int step = 0; step < kSteps; ++step) {
      optimizer.step(batch(1), batch(2));
      all.push_back({group[0].detach().clone(), group[1].detach().clone()});
    }
  }
  return all;
}

std::unique_ptr<torch::optim::Optimizer> torch_optimizer(const std::vector<at::Tensor>& group,
                                                         const ParameterOptions& options) {
  if (options.method == Method::sgd)
    return std::make_unique<torch::optim::SGD>(group, torch::optim::SGDOptions(options.learning_rate)
                                                          .momentum(options.momentum)
                                                          .weight_decay(options.weight_decay));
  return std::make_unique<torch::optim::Adam>(group, torch::optim::AdamOptions(options.learning_rate)
                                                         .betas({options.beta1, options.beta2})
                                                         .eps(options.epsilon)
                                                         .weight_decay(options.weight_decay));
}

/// The same by LibTorch's own optimizer.
std::vector<std::vector<at::Tensor>> moved_by_torch(const ParameterOptions& options) {
  std::vector<at::Tensor> group = initial_group();
  for (at::Tensor& parameter : group) parameter.requires_grad_();
  const auto optimizer = torch_optimizer(group, options);
  std::vector<std::vector<at::Tensor>> all;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    optimizer->param_groups()[0].options().set_lr(options.learning_rate * halved(epoch, kEpochs));
    for (int step = 0; step < kSteps; ++step) {
      optimizer->zero_grad();
      loss_of(group, static_cast<std::uint64_t>(epoch * kSteps + step)).backward();
      if (options.clip > 0.0) torch::nn::utils::clip_grad_norm_(group, options.clip);
      optimizer->step();
      all.push_back({group[0].detach().clone(), group[1].detach().clone()});
    }
  }
  return all;
}

/// A method, and what moves the group.
using Case = std::tuple<Method, Moved>;

class ParameterGroups : public ::testing::TestWithParam<Case> {};

TEST_P(ParameterGroups, MoveAsLibTorchMovesThem) {
  const auto [method, moved] = GetParam();
  const ParameterOptions options = method == Method::adam ? kAdam : kSgd;
  const auto expected = moved_by_torch(options);
  const auto found = moved_by_search(options, moved);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t step = 0; step < found.size(); ++step)
    for (std::size_t i = 0; i < 2; ++i)
      EXPECT_LT(distance(found[step][i], expected[step][i]), 1e-14) << "step " << step << ", tensor " << i;
}

std::string name_of_case(const ::testing::TestParamInfo<Case>& tested) {
  const auto [method, moved] = tested.param;
  return std::string(method == Method::adam ? "Adam" : "Sgd") +
         (moved == Moved::with_architecture ? "WithArchitecture"
          : moved == Moved::with_weights    ? "WithWeights"
                                            : "OnRequest");
}

INSTANTIATE_TEST_SUITE_P(All, ParameterGroups,
                         ::testing::Combine(::testing::Values(Method::adam, Method::sgd),
                                            ::testing::Values(Moved::with_architecture, Moved::with_weights,
                                                              Moved::on_request)),
                         name_of_case);

TEST(ParameterGroupsTest, DefaultsAreThoseOfDartsWithoutDecay) {
  const auto found = moved_by_search({}, Moved::on_request);
  std::vector<at::Tensor> group = initial_group();
  for (at::Tensor& parameter : group) parameter.requires_grad_();
  torch::optim::Adam adam(group, torch::optim::AdamOptions(3e-4).betas({0.5, 0.999}).eps(1e-8));
  for (std::uint64_t step = 0; step < found.size(); ++step) {
    adam.zero_grad();
    loss_of(group, step).backward();
    adam.step();
    EXPECT_LT(distance(found[step][0], group[0]), 1e-14);
  }
}

}  // namespace
}  // namespace espalier::testing
