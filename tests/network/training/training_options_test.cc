#include <gmock/gmock.h>

#include <array>

#include "espalier/errors/errors.h"
#include "network/training/scratch_fixture.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;

struct OptionCase {
  std::string name;
  void (*set)(ScratchOptions& options);
};

void PrintTo(const OptionCase& option, std::ostream* stream) { *stream << option.name; }

class EachTrainingOption : public ScratchOptionsFixture, public ::testing::WithParamInterface<OptionCase> {
 protected:
  EachTrainingOption() { images_ = images_.with(uneven()); }
  /// Of class 0, all images; of the others, some.
  static std::vector<std::uint32_t> uneven() {
    std::vector<std::uint32_t> indices;
    indices.reserve(100);
    for (std::uint32_t i = 0; i < 100; ++i)
      if (i % 4 == 0 || i % 3 == 0) indices.push_back(i);
    for (std::uint32_t i = 1; i < 100; i += 2) indices.push_back(i);
    return indices;
  }
};

TEST_P(EachTrainingOption, ChangesTheTrainingAndEndsBitIdenticallyAfterKills) {
  const MemoryJournal without = trained();
  GetParam().set(options_);
  const MemoryJournal whole = trained();
  EXPECT_NE(whole.bytes, without.bytes) << "the option does something";
  const MemoryJournal parts = trained_in_parts();
  EXPECT_EQ(parts.events, whole.events);
  EXPECT_EQ(parts.bytes, whole.bytes);

  // And so it is where the training is cut into several, as the benchmark "training" does.
  ScratchTraining first = training();
  NullJournal journal;
  first.run_until(1, journal);
  ScratchTraining second = training();
  second.load(json::from_cbor(json::to_cbor(first.save())));
  second.run_until(2, journal);
  ScratchTraining at_once = training();
  at_once.run_until(2, journal);
  EXPECT_EQ(second.save(), at_once.save());
  EXPECT_EQ(second.test(held_out_).loss, at_once.test(held_out_).loss);
}

INSTANTIATE_TEST_SUITE_P(
    All, EachTrainingOption,
    ::testing::Values(
        OptionCase{"adamw", [](ScratchOptions& o) { o.weights_optimizer = WeightsOptimizer::adamw; }},
        OptionCase{"warm_up", [](ScratchOptions& o) { o.warm_up_epochs = 1; }},
        OptionCase{"label_smoothing", [](ScratchOptions& o) { o.label_smoothing = 0.1; }},
        OptionCase{"ema", [](ScratchOptions& o) { o.ema = 0.5; }},
        OptionCase{"mixup", [](ScratchOptions& o) { o.mixup = 0.4; }},
        OptionCase{"trivial_augment", [](ScratchOptions& o) { o.augmentation.trivial_augment = true; }},
        OptionCase{"class_weights", [](ScratchOptions& o) { o.class_weights = true; }},
        OptionCase{"balanced_sampling", [](ScratchOptions& o) { o.balanced_sampling = true; }},
        OptionCase{"drop_path", [](ScratchOptions& o) { o.drop_path = 0.5; }},
        OptionCase{"several",
                   [](ScratchOptions& o) {
                     o.weights_optimizer = WeightsOptimizer::adamw;
                     o.warm_up_epochs = 1;
                     o.ema = 0.9;
                     o.mixup = 0.2;
                     o.augmentation.trivial_augment = true;
                     o.balanced_sampling = true;
                   }}),
    [](const auto& option) { return option.param.name; });

class TrainingLimitsTest : public ScratchOptionsFixture {
 protected:
  TrainingLimitsTest() {
    options_.sgd.epochs = 30;
    options_.sgd.learning_rate = 0.0;  // nothing gets better
  }
  TrainingLimits patient(int epochs) const { return {.patience = epochs, .validation = held_out_}; }
};

TEST_F(TrainingLimitsTest, PatienceEndsATrainingThatDoesNotGetBetter) {
  MemoryJournal journal;
  ScratchTraining own = training();
  own.run(journal, patient(3));
  // The first epochs may still get better: running statistics settle without any learning.
  const auto best = journal.events.back().at("best_epoch").get<std::size_t>();
  EXPECT_THAT(journal.events, SizeIs(best + 3));
  EXPECT_LT(journal.events.size(), 30U);
  double highest = -1.0;
  for (std::size_t i = 0; i < journal.events.size(); ++i) {
    const double accuracy = journal.events[i].at("validation_accuracy");
    if (i + 1 < best) {
      EXPECT_LT(accuracy, journal.events[best - 1].at("validation_accuracy"));
    }
    highest = std::max(highest, accuracy);
  }
  EXPECT_EQ(journal.events[best - 1].at("validation_accuracy").get<double>(), highest);
  EXPECT_EQ(100.0 * own.test(held_out_).correct, highest) << "the weights are those of the best epoch";
}

TEST_F(TrainingLimitsTest, AResumedTrainingWithPatienceEndsAlike) {
  options_.sgd.learning_rate = 0.3;
  options_.ema = 0.5;
  MemoryJournal whole;
  ScratchTraining own = training();
  own.run(whole, patient(2));
  MemoryJournal parts;
  std::string weights;
  for (int stop_after = 1; weights.empty() && stop_after < 100; stop_after += 2) {
    parts.reports = 0;
    parts.stop_after = stop_after;
    ScratchTraining resumed = training();
    try {
      resumed.run(parts, patient(2));
      weights = resumed.weights();
    } catch (const Interrupted&) {
    }
  }
  EXPECT_EQ(parts.events, whole.events);
  EXPECT_EQ(parts.bytes, whole.bytes);
  EXPECT_EQ(weights, own.weights());
  // One that had ended already, and was killed before its result was written.
  parts.stop_after = 1'000'000;
  ScratchTraining again = training();
  again.run(parts, patient(2));
  EXPECT_EQ(again.weights(), own.weights());
  EXPECT_EQ(again.test(held_out_).loss, own.test(held_out_).loss);
}

TEST_F(TrainingLimitsTest, WithoutPatienceNoEpochIsTested) {
  options_.sgd.epochs = 2;
  EXPECT_THAT(trained().events,
              Each(::testing::ResultOf(
                  [](const json& event) { return event.contains("validation_accuracy"); }, false)));
}

TEST_F(TrainingLimitsTest, MinutesChooseANumberOfEpochsOnceAndTheScheduleSpansIt) {
  options_.sgd.learning_rate = 0.1;
  options_.sgd.epochs = 50;
  MemoryJournal journal;
  journal.stop_after = static_cast<int>(kSteps) + 1;  // once the first epoch is over
  EXPECT_THROW(training().run(journal, {.minutes = 1000.0}), Interrupted);
  json state = json::from_cbor(journal.bytes);
  EXPECT_EQ(state.at("epochs"), 50) << "as many as fit, but no more than the options have";

  // As if five had fitted: a resumed training takes the number that was kept.
  MemoryJournal measured;
  measured.stop_after = static_cast<int>(kSteps) - 1;
  EXPECT_THROW(training().run(measured), Interrupted);
  state = json::from_cbor(measured.bytes);
  EXPECT_FALSE(state.contains("epochs"));
  state["epochs"] = 5;
  measured.bytes = json::to_cbor(state);
  measured.reports = 0;
  measured.stop_after = 1'000'000;
  ScratchTraining resumed = training();
  resumed.run(measured, {.minutes = 1000.0});
  ASSERT_THAT(measured.events, SizeIs(5));
  for (const json& event : measured.events) EXPECT_EQ(event.at("epochs"), 5);

  options_.sgd.epochs = 5;
  ScratchTraining of_five = training();
  NullJournal nothing;
  of_five.run(nothing);
  EXPECT_EQ(resumed.weights(), of_five.weights()) << "the cosine ends with the fifth epoch";
}

TEST_F(TrainingLimitsTest, ANumberOfEpochsIsKeptBeforeTheFirstEpochEnds) {
  MemoryJournal journal;
  ScratchTraining own = training();
  own.run(journal, {.minutes = 1e-9});
  EXPECT_THAT(journal.events, SizeIs(1)) << "at least one epoch";
  EXPECT_EQ(journal.events.front().at("epochs"), 1);
  EXPECT_EQ(journal.checkpoints, 2) << "one when the number was chosen, and one at the end";
  options_.warm_up_epochs = 2;
  MemoryJournal warmed;
  training().run(warmed, {.minutes = 1e-9});
  EXPECT_THAT(warmed.events, SizeIs(3)) << "a warm-up, and an epoch after it";
}

TEST(EpochsWithin, FollowFromTheMedianStep) {
  const std::array steps = {0.5, 0.1, 0.1, 9.0, 0.1};
  EXPECT_EQ(epochs_within(60.0, steps, 10.0, 1, 1000), 60);
  EXPECT_EQ(epochs_within(60.5, steps, 10.0, 1, 1000), 60) << "rounded down";
  EXPECT_EQ(epochs_within(60.0, steps, 10.0, 1, 20), 20);
  EXPECT_EQ(epochs_within(0.1, steps, 10.0, 3, 20), 3);
  EXPECT_EQ(epochs_within(1e300, steps, 1e-300, 1, 7), 7);
}

}  // namespace
}  // namespace espalier::testing
