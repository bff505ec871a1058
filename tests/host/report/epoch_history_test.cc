#include "espalier/host/report/epoch_history.h"

#include <gmock/gmock.h>

#include "espalier/errors/errors.h"
#include "espalier/host/report/alarms.h"
#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kSkips =
    "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|none~2|";
constexpr const char* kConvolutions =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_1x1~2|";

/// A line as the one-shot trainer writes it.
std::string epoch_line(int epoch, const std::string& architecture, double report) {
  const nlohmann::json line = {{"epoch", epoch},
                               {"architecture", architecture},
                               {"values", {report - 3.0}},
                               {"report", report},
                               {"train_loss", 1.5},
                               {"train_accuracy", 40.0},
                               {"validation_loss", 1.6},
                               {"validation_accuracy", 38.0 + epoch},
                               {"entropy", 1.2},
                               {"strengths", {{0.25, 0.75}, {0.5, 0.5}}},
                               {"benchmark", {{"cifar100", {{"test_accuracy", 70.5}}}}}};
  return line.dump() + "\n";
}

class EpochHistoryTest : public RunTest {};

TEST_F(EpochHistoryTest, HasWhatTheTrainerWrote) {
  write_text(root_ / "events.jsonl",
             epoch_line(1, kConvolutions, 90.0) + epoch_line(2, kSkips, 60.0) + "{\"epo");
  const auto epochs = read_epochs(root_);
  ASSERT_THAT(epochs, SizeIs(2));  // the line that is being written is passed over
  EXPECT_EQ(epochs[1].epoch, 2U);
  EXPECT_EQ(epochs[1].architecture, kSkips);
  EXPECT_EQ(epochs[1].report, 60.0);
  EXPECT_EQ(epochs[1].objective, 57.0);
  EXPECT_EQ(epochs[1].validation_accuracy, 40.0);
  EXPECT_EQ(epochs[1].strengths[0][1], 0.75);
  EXPECT_EQ(epochs[1].benchmark.at("cifar100").at("test_accuracy"), 70.5);
}

TEST_F(EpochHistoryTest, OfTrialsIsEmpty) {
  run_quietly(config_text("0", 20), root_ / "run");
  EXPECT_THAT(read_epochs(root_ / "run/random_search/seed_0"), IsEmpty());
  EXPECT_THAT(read_epochs(root_ / "nowhere"), IsEmpty());
}

TEST_F(EpochHistoryTest, NamesTheLineThatIsDamaged) {
  write_text(root_ / "events.jsonl", epoch_line(1, kSkips, 60.0) + "nonsense\n");
  EXPECT_THAT(message_of<Error>([&] { read_epochs(root_); }), HasSubstr("events.jsonl:2"));
}

TEST_F(EpochHistoryTest, WhatHasAnotherFormIsATrainersOwn) {
  write_text(root_ / "events.jsonl",
             "{\"epoch\": 1, \"strengths\": \"strong\", \"benchmark\": [1], \"entropy\": \"low\"}\n");
  const auto epochs = read_epochs(root_);
  ASSERT_THAT(epochs, SizeIs(1));
  EXPECT_THAT(epochs[0].strengths, IsEmpty());
  EXPECT_THAT(epochs[0].benchmark, IsEmpty());
  EXPECT_EQ(epochs[0].entropy, std::nullopt);
}

class OneShotAlarmsTest : public RunTest {
 protected:
  /// As if the searches of a run had been those of a one-shot optimizer.
  std::vector<std::string> alarms(const std::string& lines) {
    run_quietly(config_text("0", 20), root_ / "run");
    write_text(root_ / "run/random_search/seed_0/events.jsonl", lines);
    fs::remove(root_ / "run/random_search/seed_0/result.json");
    PluginRegistry registry(PluginRegistry::search_path());
    ReportedRun run = read_run(root_ / "run", registry);
    std::vector<std::string> texts;
    for (const Alarm& alarm : alarms_of(one_shot_histories(run))) texts.push_back(alarm.text);
    return texts;
  }
};

TEST_F(OneShotAlarmsTest, SkipConnectionsWinAndTheArchitectureGotWorse) {
  const auto texts = alarms(epoch_line(1, kConvolutions, 90.0) + epoch_line(2, kSkips, 60.0));
  EXPECT_THAT(texts, Contains(HasSubstr("skip connections win with seed 0, 5 of 6 choices")));
  EXPECT_THAT(texts, Contains(AllOf(HasSubstr("that of epoch 1 has a test accuracy of 90.00 %"),
                                    HasSubstr("60.00 %, though the supernet got better"))));
}

TEST_F(OneShotAlarmsTest, NothingIsSaidOfASoundSearch) {
  EXPECT_THAT(alarms(epoch_line(1, kSkips, 60.0) + epoch_line(2, kConvolutions, 93.0)), IsEmpty());
}

TEST(CountSkips, CountsActiveChoices) {
  PluginRegistry registry(PluginRegistry::search_path());
  const auto space = registry.make<SearchSpace>("nasbench201", Config(ConfigValue::map(), "search_space"));
  EXPECT_EQ(count_skips(*space, kSkips).skips, 5U);
  EXPECT_EQ(count_skips(*space, kSkips).choices, 6U);
  EXPECT_EQ(count_skips(*space, kConvolutions).skips, 0U);
  EXPECT_THROW(count_skips(*space, "nonsense"), UsageError);
}

}  // namespace
}  // namespace espalier::host::testing
