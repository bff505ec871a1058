#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "network/one_shot/hooked_optimizer.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

using nlohmann::json;

/// A search with a group of each kind, all of which have an effect on its losses.
struct GroupedSearch {
  GroupedSearch() {
    optimizer.on_begin_search = [this](at::ScalarType dtype) {
      using Moved = ParameterOptions::Moved;
      const auto schedule = [](int epoch, int epochs) { return 1.0 - epoch / static_cast<double>(epochs); };
      architecture = at::ones({3}, dtype);
      scale = at::ones({1}, dtype);
      requested = at::ones({2}, dtype);
      optimizer.add_parameters("architecture", {architecture}, {.learning_rate = 0.1, .schedule = schedule});
      optimizer.add_parameters("scale", {scale},
                               {.moved = Moved::with_weights,
                                .method = ParameterOptions::Method::sgd,
                                .learning_rate = 0.1,
                                .clip = 0.01,
                                .schedule = schedule});
      optimizer.add_parameters("requested", {requested},
                               {.moved = Moved::on_request, .learning_rate = 0.1, .schedule = schedule});
    };
    optimizer.on_relax = [this](const at::Tensor& alpha, std::size_t) {
      return std::make_shared<FunctionWeighting>(3,
                                                 [=, this] { return at::softmax(alpha + architecture, 0); });
    };
    optimizer.on_output_loss = [this](const at::Tensor& logits, const at::Tensor&) {
      return (logits * scale).square().sum(1).mean();
    };
    optimizer.on_step = [this](const Batch& train, const Batch& validation) {
      StepResult result;
      result.validation = optimizer.architecture_step(train, validation);
      result.train = optimizer.weight_step(train);
      request();
      return result;
    };
    optimizer.begin(space, {.sgd = {.epochs = 3}});
  }

  void request() {
    (requested * random_tensor({2}, optimizer.steps())).sum().backward();
    optimizer.move_parameters("requested");
  }
  void run(int epoch, int from, int to) {
    optimizer.begin_epoch(epoch);
    for (int step = from; step < to; ++step) {
      const auto seed = static_cast<std::uint64_t>(10 * epoch + step);
      optimizer.step(batch(seed), batch(100 + seed));
    }
  }

  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  at::Tensor architecture, scale, requested;
};

TEST(ParameterGroupState, ASearchThatIsRestoredGoesOnToTheSameEnd) {
  GroupedSearch whole;
  whole.run(0, 0, 2);
  whole.run(1, 0, 1);
  const std::vector<std::uint8_t> middle = json::to_cbor(whole.optimizer.save());
  whole.run(1, 1, 2);
  whole.run(2, 0, 2);

  GroupedSearch resumed;
  resumed.optimizer.load(json::from_cbor(middle));
  EXPECT_EQ(json::to_cbor(resumed.optimizer.save()), middle) << "nothing is lost or rounded";
  resumed.run(1, 1, 2);
  resumed.run(2, 0, 2);
  EXPECT_EQ(resumed.optimizer.save(), whole.optimizer.save());
  EXPECT_TRUE(at::equal(resumed.architecture, whole.architecture));
  EXPECT_TRUE(at::equal(resumed.scale, whole.scale));
  EXPECT_TRUE(at::equal(resumed.requested, whole.requested));
  for (const at::Tensor* moved : {&whole.architecture, &whole.scale, &whole.requested})
    EXPECT_GT(distance(*moved, at::ones_like(*moved)), 1e-4) << "each group learned";
}

TEST(ParameterGroupState, WhatIsDoneAfterTheLastEpochKeepsItsLearningRates) {
  GroupedSearch whole;
  whole.run(2, 0, 1);
  GroupedSearch resumed;
  resumed.optimizer.load(whole.optimizer.save());
  EXPECT_GT(whole.optimizer.learning_rate(), 0.0);
  EXPECT_EQ(resumed.optimizer.learning_rate(), whole.optimizer.learning_rate());
  for (GroupedSearch* search : {&whole, &resumed}) {
    search->request();
    search->optimizer.weight_step(batch(1));
  }
  EXPECT_EQ(resumed.optimizer.save(), whole.optimizer.save());
}

TEST(ParameterGroupState, AStateWithoutAGroupIsDamaged) {
  GroupedSearch search;
  search.run(0, 0, 1);
  for (const char* group : {"alphas", "architecture", "scale", "requested"}) {
    json state = search.optimizer.save();
    ASSERT_TRUE(state.at("parameters").contains(group));
    state["parameters"].erase(group);
    GroupedSearch other;
    EXPECT_THROW(other.optimizer.load(state), Error) << group;
  }
}

}  // namespace
}  // namespace espalier::testing
