#include <gmock/gmock.h>

#include <functional>
#include <limits>

#include "espalier/config/config.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/plugin/plugin_call.h"
#include "network/small_networks.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using Answer = std::function<at::Tensor(const at::Tensor& alpha)>;
using Runs = std::function<bool(std::size_t candidate)>;

/// An optimizer that answers for its weightings as a test tells it.
class Answering final : public OneShotOptimizer {
 public:
  Answering(Answer weights, Runs runs, std::size_t size)
      : OneShotOptimizer(Config(ConfigValue::map(), "optimizer")),
        weights_(std::move(weights)),
        runs_(std::move(runs)),
        size_(size) {
    set_name("answering");
    set_origin("optimizer 'answering' (answering.so)");
  }

 protected:
  std::shared_ptr<OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t) override {
    if (size_ == 0) return nullptr;
    return std::make_shared<Weights>(*this, alpha);
  }

 private:
  struct Weights final : OpWeighting {
    Weights(const Answering& optimizer, at::Tensor alpha_of_choice)
        : answering(optimizer), alpha(std::move(alpha_of_choice)) {}
    std::size_t size() const override { return answering.size_; }
    bool runs(std::size_t candidate) const override { return answering.runs_(candidate); }
    at::Tensor weights() override { return answering.weights_(alpha); }

    const Answering& answering;
    at::Tensor alpha;
  };

  Answer weights_;
  Runs runs_;
  std::size_t size_;
};

class EdgeOfTwo final : public SearchSpace {
 public:
  EdgeOfTwo() : SearchSpace(definition()) { set_name("edge_of_two"); }

 private:
  static SpaceDefinition definition() {
    Graph network("network");
    network.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
    network.edge(1, 2).set_op(Candidates{primitives::relu_conv_bn(4, 1), primitives::relu_conv_bn(4, 3)});
    network.edge(2, 3).set_op(primitives::classifier(4));
    return {.graph = std::move(network), .input_shape = {.channels = 3, .height = 6, .width = 6}};
  }
};

bool all(std::size_t) { return true; }

ErrorDetails mistake_of(const Answer& weights, const Runs& runs = all, std::size_t size = 2) {
  const EdgeOfTwo space;
  Answering optimizer(weights, runs, size);
  const Batch batch{.images = random_tensor({4, 3, 6, 6}, 1).to(at::kFloat),
                    .labels = at::arange(4, at::kLong)};
  try {
    optimizer.adapt({.space = space, .seed = 1});
    optimizer.compile_supernet({}, {});
    optimizer.begin_epoch(0);
    optimizer.step(batch, batch);
  } catch (const PluginFailure& failure) {
    EXPECT_THAT(failure.details().where, HasSubstr("answering.so"));
    return failure.details();
  }
  return {.what = "accepted"};
}

at::Tensor soft(const at::Tensor& alpha) { return at::softmax(alpha, 0); }

TEST(WeightingMistakes, NameTheOptimizerTheChoiceAndTheValue) {
  EXPECT_EQ(mistake_of(soft).what, "accepted");
  const std::string at_choice = " at network.edge_1_2";
  const auto none = [](std::size_t) { return false; };
  const auto second = [](std::size_t candidate) { return candidate == 1; };
  const auto only_second = [](const at::Tensor& alpha) { return soft(alpha) * at::tensor({0.0, 1.0}); };
  EXPECT_EQ(mistake_of(only_second, second).what, "accepted");
  EXPECT_EQ(mistake_of([](const at::Tensor& alpha) { return alpha * 0.0; }, none).what,
            "the plugin's runs() gave false for every candidate" + at_choice);
  EXPECT_EQ(mistake_of([](const at::Tensor& alpha) { return alpha * 0.0 + 0.5; }, second).what,
            "the plugin's weights() gave 0.5 for candidate 0, which does not run" + at_choice);
  const auto weights = [&](const Answer& answer) { return mistake_of(answer).what; };
  EXPECT_EQ(weights([](const at::Tensor&) { return at::Tensor(); }),
            "the plugin's weights() gave a tensor that is not defined" + at_choice);
  EXPECT_EQ(weights([](const at::Tensor& alpha) {
              return at::cat({alpha, alpha});
            }),
            "the plugin's weights() gave a tensor of sizes [4]" + at_choice);
  EXPECT_EQ(weights([](const at::Tensor& alpha) { return soft(alpha).unsqueeze(0); }),
            "the plugin's weights() gave a tensor of sizes [1, 2]" + at_choice);
  EXPECT_EQ(weights([](const at::Tensor&) { return at::ones({2}, at::kLong); }),
            "the plugin's weights() gave a tensor of Long" + at_choice);
  EXPECT_EQ(
      weights([](const at::Tensor& alpha) { return soft(alpha) * std::numeric_limits<double>::quiet_NaN(); }),
      "the plugin's weights() gave [nan, nan]" + at_choice);
  const ErrorDetails detached = mistake_of([](const at::Tensor&) { return at::full({2}, 0.5); });
  EXPECT_THAT(detached.what,
              AllOf(HasSubstr("[0.5, 0.5], through which no gradient reaches"), HasSubstr(at_choice)));
  EXPECT_THAT(detached.expected, HasSubstr("differentiable"));
  EXPECT_EQ(mistake_of(soft, all, 3).what, "the plugin's relax() gave a weighting of 3 weights" + at_choice);
  EXPECT_EQ(mistake_of(soft, all, 0).what, "the plugin's relax() gave nothing" + at_choice);
  EXPECT_EQ(mistake_of([](const at::Tensor&) -> at::Tensor { throw std::runtime_error("no luck"); }).what,
            "the plugin's weights() failed: no luck");
}

}  // namespace
}  // namespace espalier::testing
