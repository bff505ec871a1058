#include "espalier/network/training/scratch_options.h"

#include <gmock/gmock.h>

#include <cmath>

#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

ScratchOptions options_of(const std::string& yaml) {
  return ScratchOptions::from(Config(host::parse_yaml(yaml, "test.yaml")), {});
}

std::string refusal_of(const std::string& yaml) {
  try {
    options_of(yaml);
  } catch (const UsageError& error) {
    return error.what();
  }
  ADD_FAILURE() << "it was not refused: " << yaml;
  return {};
}

TEST(ScratchOptions, ALearningRateFallsAlongHalfACosine) {
  const ScratchOptions options = options_of("{epochs: 4, learning_rate: 1.0, learning_rate_min: 0.2}");
  for (const std::size_t step : {0U, 6U}) {
    EXPECT_DOUBLE_EQ(options.learning_rate_in(0, step, 7), 1.0);
    EXPECT_NEAR(options.learning_rate_in(1, step, 7), 0.2 + 0.8 * (1.0 + std::sqrt(0.5)) / 2.0, 1e-12);
    EXPECT_NEAR(options.learning_rate_in(2, step, 7), 0.6, 1e-12);
    EXPECT_NEAR(options.learning_rate_in(3, step, 7), 0.2 + 0.8 * (1.0 - std::sqrt(0.5)) / 2.0, 1e-12);
  }
}

TEST(ScratchOptions, AWarmUpComesBeforeTheCosine) {
  const ScratchOptions options =
      options_of("{epochs: 6, learning_rate: 1.0, learning_rate_min: 0.2, warm_up_epochs: 2}");
  const ScratchOptions shorter = options_of("{epochs: 4, learning_rate: 1.0, learning_rate_min: 0.2}");
  EXPECT_DOUBLE_EQ(options.learning_rate_in(0, 0, 5), 0.1);
  EXPECT_DOUBLE_EQ(options.learning_rate_in(0, 4, 5), 0.5);
  EXPECT_DOUBLE_EQ(options.learning_rate_in(1, 0, 5), 0.6);
  EXPECT_DOUBLE_EQ(options.learning_rate_in(1, 4, 5), 1.0);
  for (const int epoch : {0, 1, 2, 3})
    EXPECT_DOUBLE_EQ(options.learning_rate_in(epoch + 2, 3, 5), shorter.learning_rate_in(epoch, 0, 5));
}

TEST(ScratchOptions, DropPathRisesLinearlyFromZero) {
  const ScratchOptions options = options_of("{epochs: 4, drop_path: 0.4}");
  EXPECT_DOUBLE_EQ(options.drop_path_in(0), 0.0);
  EXPECT_DOUBLE_EQ(options.drop_path_in(1), 0.1);
  EXPECT_DOUBLE_EQ(options.drop_path_in(3), 0.3);
}

TEST(ScratchOptions, AnAverageOfWeightsForgetsTheFirstOnesSoon) {
  const ScratchOptions options = options_of("{ema: 0.9}");
  EXPECT_EQ(options.ema_after(0), 0.0);
  EXPECT_DOUBLE_EQ(options.ema_after(1), 2.0 / 11.0);
  EXPECT_DOUBLE_EQ(options.ema_after(50), 51.0 / 60.0);
  EXPECT_DOUBLE_EQ(options.ema_after(80), 0.9);
  EXPECT_DOUBLE_EQ(options.ema_after(100'000), 0.9);
}

TEST(ScratchOptions, AreOffByDefault) {
  const ScratchOptions options = options_of("{}");
  EXPECT_EQ(options.weights_optimizer, WeightsOptimizer::sgd);
  EXPECT_EQ(options.warm_up_epochs, 0);
  EXPECT_EQ(options.label_smoothing, 0.0);
  EXPECT_EQ(options.mixup, 0.0);
  EXPECT_EQ(options.ema, 0.0);
  EXPECT_FALSE(options.augmentation.trivial_augment);
  EXPECT_FALSE(options.class_weights);
  EXPECT_FALSE(options.balanced_sampling);
  EXPECT_EQ(options.sgd.learning_rate, 0.025);
  EXPECT_EQ(options.sgd.weight_decay, 3e-4);
}

TEST(ScratchOptions, AdamWHasDefaultsOfItsOwn) {
  const ScratchOptions options = options_of("{weights_optimizer: adamw}");
  EXPECT_EQ(options.sgd.learning_rate, 1e-3);
  EXPECT_EQ(options.sgd.weight_decay, 1e-2);
  EXPECT_EQ(options.sgd.momentum, 0.9);
  const ScratchOptions given = options_of("{weights_optimizer: adamw, learning_rate: 0.5, weight_decay: 0}");
  EXPECT_EQ(given.sgd.learning_rate, 0.5);
  EXPECT_EQ(given.sgd.weight_decay, 0.0);
}

TEST(ScratchOptions, RefuseWhatContradicts) {
  EXPECT_THAT(refusal_of("{epochs: 3, warm_up_epochs: 3}"),
              AllOf(HasSubstr("test.yaml:1:29"), HasSubstr("3 of 3 epochs of warm-up"),
                    HasSubstr("a warm_up_epochs below 3")));
  EXPECT_THAT(refusal_of("{weights_optimizer: adamw, momentum: 1}"),
              AllOf(HasSubstr("test.yaml:1:38"), HasSubstr("a momentum below 1")));
  EXPECT_THAT(refusal_of("{class_weights: balanced, sampling: balanced}"),
              AllOf(HasSubstr("test.yaml:1:37"), HasSubstr("balances twice")));
  EXPECT_THAT(refusal_of("{weights_optimizer: adam}"), HasSubstr("adamw"));
  EXPECT_THAT(refusal_of("{label_smoothing: 1.5}"), HasSubstr("label_smoothing"));
}

}  // namespace
}  // namespace espalier::testing
