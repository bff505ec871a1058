#include <gmock/gmock.h>

#include "espalier/plugin/plugin_call.h"
#include "network/one_shot/hooked_optimizer.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

using Moved = ParameterOptions::Moved;

at::Tensor a_leaf() { return at::ones({2}, at::kDouble); }

/// What a search is refused with in which an optimizer adds these groups.
std::string refused_groups(HookedOptimizer& optimizer,
                           const std::vector<std::pair<std::string, std::vector<at::Tensor>>>& groups) {
  const OneEdgeSpace space;
  optimizer.on_begin_search = [&](at::ScalarType) {
    for (const auto& [name, parameters] : groups) optimizer.add_parameters(name, parameters);
  };
  return refusal([&] { optimizer.begin(space); }).what;
}

std::string refused_group(const std::string& name, const std::vector<at::Tensor>& parameters) {
  HookedOptimizer optimizer;
  return refused_groups(optimizer, {{name, parameters}});
}

TEST(AddParameters, RefusesWhatCannotLearn) {
  EXPECT_EQ(refused_group("gates", {}), "the group of parameters \"gates\" is empty");
  EXPECT_EQ(refused_group("gates", {a_leaf(), at::Tensor()}),
            "the group of parameters \"gates\" has a tensor that is not defined");
  EXPECT_EQ(refused_group("gates", {at::ones({2}, at::kLong)}),
            "the group of parameters \"gates\" has a tensor of Long, which cannot have gradients");
  EXPECT_EQ(refused_group("gates", {a_leaf().requires_grad_() * 2.0}),
            "the group of parameters \"gates\" has a tensor that was computed from others");
}

TEST(AddParameters, RefusesANameThatIsTaken) {
  HookedOptimizer twice;
  EXPECT_EQ(refused_groups(twice, {{"gates", {a_leaf()}}, {"gates", {a_leaf()}}}),
            "there is a group of parameters \"gates\" already");
  EXPECT_EQ(refused_group("alphas", {a_leaf()}), "there is a group of parameters \"alphas\" already");
  HookedOptimizer without{HookedOptimizer::WithoutAlphas()};
  EXPECT_EQ(refused_groups(without, {{"alphas", {a_leaf()}}}),
            "there is a group of parameters \"alphas\" already")
      << "even where the optimizer has no architecture parameters";
}

TEST(ArchitectureOptions, AreThoseOfAMethodThatHasArchitectureParameters) {
  EXPECT_EQ(HookedOptimizer().architecture_options().weight_decay, 1e-3);
  HookedOptimizer without{HookedOptimizer::WithoutAlphas()};
  EXPECT_THROW(without.architecture_options(), Error);
}

/// What a step is refused with when a group moves so and no gradient reaches it.
ErrorDetails refused_step(Moved moved, const std::function<void(HookedOptimizer&)>& prepare = {}) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.on_begin_search = [&](at::ScalarType) {
    optimizer.add_parameters("gates", {a_leaf()}, {.moved = moved});
  };
  if (prepare) prepare(optimizer);
  optimizer.begin(space);
  optimizer.begin_epoch(0);
  try {
    optimizer.step(batch(1), batch(2));
  } catch (const PluginFailure& failure) {
    EXPECT_EQ(failure.details().where, "optimizer 'hooked' (hooked.so)");
    return failure.details();
  }
  return {.what = "accepted"};
}

TEST(MoveParameters, NeedsAGradient) {
  const std::string no_gradient = "no gradient reached the plugin's group of parameters \"gates\"";
  EXPECT_EQ(refused_step(Moved::with_architecture).what, no_gradient);
  EXPECT_EQ(refused_step(Moved::with_weights).what, no_gradient);
  EXPECT_EQ(refused_step(Moved::with_weights).expected, "a loss that is a differentiable function of them");
  EXPECT_EQ(refused_step(Moved::on_request).what, "accepted") << "nothing asked for a move";
  const ErrorDetails requested = refused_step(Moved::on_request, [](HookedOptimizer& optimizer) {
    optimizer.on_step = [&](const Batch&, const Batch&) {
      optimizer.move_parameters("gates");
      return StepResult();
    };
  });
  EXPECT_EQ(requested.what, no_gradient);
  EXPECT_EQ(requested.expected, "a call of backward() on a function of them before move_parameters()");
}

TEST(MoveParameters, NeedsAGradientThatIsComputedByHand) {
  EXPECT_EQ(refused_step(Moved::on_request,
                         [](HookedOptimizer& optimizer) {
                           optimizer.on_architecture_gradient = [](const Batch&, const Batch&) {
                             return BatchResult();
                           };
                         })
                .what,
            "no gradient reached the plugin's group of parameters \"alphas\"")
      << "in the very first step, too";
}

TEST(MoveParameters, NeedsNoneWhereTheLossDependsOnNothing) {
  const OneEdgeSpace space;
  const at::Tensor gates = a_leaf();
  HookedOptimizer optimizer{HookedOptimizer::WithoutAlphas()};
  optimizer.on_begin_search = [&](at::ScalarType) { optimizer.add_parameters("gates", {gates}); };
  optimizer.begin(space).begin_epoch(0);
  EXPECT_TRUE(optimizer.step(batch(1), batch(2)).validation.has_value());
  EXPECT_TRUE(at::equal(gates, a_leaf()));
}

TEST(MoveParameters, RefusesAGroupThatIsNotThere) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.on_step = [&](const Batch&, const Batch&) {
    optimizer.move_parameters("gates");
    return StepResult();
  };
  optimizer.begin(space).begin_epoch(0);
  EXPECT_EQ(refusal([&] { optimizer.step(batch(1), batch(2)); }).what,
            "there is no group of parameters \"gates\"");
}

}  // namespace
}  // namespace espalier::testing
