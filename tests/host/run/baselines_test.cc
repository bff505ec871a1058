#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "espalier/errors/errors.h"
#include "espalier/host/report/reported_run.h"
#include "espalier/host/report/verdict.h"
#include "espalier/host/run/resume.h"
#include "espalier/plugin/plugin_call.h"
#include "host/run/run_fixture.h"
#include "page/report_of_runs.h"
#include "paths.h"

namespace espalier::host {
namespace {

using ::testing::AllOf;
using testing::differing;
using ::testing::Each;
using ::testing::ElementsAre;
using testing::files_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::message_of;
using testing::read_text;
namespace fs = std::filesystem;

/// Runs with a space that names a hand-made network and a trainer that judges without training.
class BaselinesTest : public testing::RunTest {
 protected:
  static PluginRegistry fixtures() {
    const fs::path folder = paths::fixture_plugins;
    return PluginRegistry(PluginRegistry::search_path({folder / "baselines", folder / "good"}));
  }

  Summary run_with_fixtures(const std::string& text, const std::string& directory = "run",
                            bool overwrite = false) {
    PluginRegistry registry = fixtures();
    return run(testing::config_of(text),
               {.directory = root_ / directory, .overwrite = overwrite, .quiet = true}, registry);
  }

  /// A search for a small network. The trainer leaves a line in `log` for each training.
  std::string config(const std::string& baselines, const std::string& more = {},
                     const std::string& seeds = "0..2") const {
    return "search_space: sized\noptimizer: random_search\nobjectives: [parameters]\n"
           "trainer: {name: discrete, trials: 12}\ndataset: synthetic\n"
           "evaluate: {name: judge, log: \"" +
           log().string() + "\"" + more + "}\nbaselines: " + baselines + "\nseeds: " + seeds + "\n";
  }

  fs::path log() const { return root_ / "log"; }
  std::int64_t trainings() const {
    const std::string text = read_text(log());
    return std::ranges::count(text, '\n');
  }

  /// The parameters of the hand-made network at a width.
  static std::int64_t parameters_at(int channels) {
    PluginRegistry registry = fixtures();
    const auto space = registry.make<SearchSpace>(
        "sized", Config(ConfigValue::map({{"channels", ConfigValue::of(std::to_string(channels))}})));
    return space->parameters(space->parse("first=conv_bn_relu_3x3;second=conv_bn_relu_3x3"));
  }

  fs::path root() const { return root_; }
};

TEST_F(BaselinesTest, AreRunsOfTheirOwnWithTheSeedsOfTheSearches) {
  const Summary summary = run_with_fixtures(config("[plain, random: 2]"));
  ASSERT_EQ(summary.baselines.size(), 3U);
  EXPECT_EQ(summary.baselines[0].name, "plain");
  EXPECT_EQ(summary.baselines[2].name, "random_2");
  EXPECT_FALSE(summary.baselines[0].random);
  EXPECT_TRUE(summary.baselines[2].random);
  for (const BaselineResult& baseline : summary.baselines) {
    EXPECT_TRUE(holds_run(root() / "run/baselines" / baseline.name));
    std::vector<std::uint64_t> seeds;
    for (const TrainedArchitecture& trained : baseline.trained) seeds.push_back(trained.seed);
    EXPECT_THAT(seeds, ElementsAre(0, 1, 2));
  }
}

TEST_F(BaselinesTest, TakeTheSeedsOfTheTrainingsWhereTheConfigNamesThem) {
  const Summary summary = run_with_fixtures(config("plain", ", seeds: 5..6", "0..1"));
  ASSERT_EQ(summary.baselines.size(), 1U);
  ASSERT_EQ(summary.baselines[0].trained.size(), 2U);
  EXPECT_EQ(summary.baselines[0].trained[0].seed, 5U);
  EXPECT_EQ(trainings(), 2 * 2 + 2);
}

TEST_F(BaselinesTest, MadeByHandIsAsLargeAsWhatWasFound) {
  const Summary summary = run_with_fixtures(config("plain"));
  std::int64_t found = 0;
  for (const SeedResult& result : summary.rows[0].results) found += result.trained[0].result.parameters;
  found /= 3;
  const std::int64_t plain = summary.baselines[0].trained[0].result.parameters;
  const std::int64_t off = std::abs(plain - found);
  // No other width comes nearer, and the space's own would be far off.
  for (int channels = 2; channels <= 8; ++channels)
    EXPECT_LE(off, std::abs(parameters_at(channels) - found)) << channels;
  EXPECT_LT(plain, parameters_at(4));
}

TEST_F(BaselinesTest, WidthsThatTheSpaceRefusesArePassedOver) {
  std::string even = config("plain");
  even.replace(even.find("sized"), 5, "{name: sized, even: true, channels: 20}");
  const Summary summary = run_with_fixtures(even);
  const std::int64_t found = summary.rows[0].results[0].trained[0].result.parameters;
  const std::int64_t off = std::abs(summary.baselines[0].trained[0].result.parameters - found);
  for (int channels = 2; channels <= 30; channels += 2)
    EXPECT_LE(off, std::abs(parameters_at(channels) - found)) << channels;
}

TEST_F(BaselinesTest, DrawnAtRandomKeepTheConstraints) {
  PluginRegistry registry = fixtures();
  const auto space = registry.make<SearchSpace>("sized", Config(ConfigValue::map()));
  const std::int64_t bound =
      space->parameters(space->parse("first=conv_bn_relu_1x1;second=conv_bn_relu_3x3"));
  const Summary summary = run_with_fixtures(config("[random: 20]") +
                                            "constraints: {parameters: " + std::to_string(bound) + "}\n");
  ASSERT_EQ(summary.baselines.size(), 20U);
  for (const BaselineResult& baseline : summary.baselines)
    EXPECT_LE(baseline.trained[0].result.parameters, bound);
}

TEST_F(BaselinesTest, ARunThatIsThereTrainsNothingAgain) {
  run_with_fixtures(config("[plain, random: 2]"));
  const auto before = files_of(root() / "run");
  const std::int64_t count = trainings();
  run_with_fixtures(config("[plain, random: 2]"));
  EXPECT_EQ(trainings(), count);
  EXPECT_THAT(differing(before, files_of(root() / "run")), IsEmpty());
}

TEST_F(BaselinesTest, OneThatIsMissingIsTrainedToTheSameBytes) {
  run_with_fixtures(config("[plain, random: 2]"));
  const auto before = files_of(root() / "run");
  fs::remove_all(root() / "run/baselines/random_1");
  fs::remove(root() / "run/baselines/plain/evaluation/seed_1/result.json");
  run_with_fixtures(config("[plain, random: 2]"));
  EXPECT_THAT(differing(before, files_of(root() / "run")), IsEmpty());
}

TEST_F(BaselinesTest, ComeToAFinishedRunAndGoAgain) {
  run_with_fixtures(config("[random: 1]"));
  const std::int64_t count = trainings();
  run_with_fixtures(config("[plain, random: 1]"));
  EXPECT_EQ(trainings(), count + 3);
  const Summary less = run_with_fixtures(config("plain"));
  EXPECT_EQ(trainings(), count + 3);
  EXPECT_EQ(less.baselines.size(), 1U);
}

TEST_F(BaselinesTest, OfAGrownRunAreThoseOfARunInOneGo) {
  run_with_fixtures(config("[plain, random: 2]", {}, "0"));
  run_with_fixtures(config("[plain, random: 2]", {}, "0..4"));
  run_with_fixtures(config("[plain, random: 2]", {}, "0..4"), "at_once");
  EXPECT_THAT(differing(files_of(root() / "run"), files_of(root() / "at_once")), IsEmpty());
}

TEST_F(BaselinesTest, AreDiscardedWithTheRun) {
  run_with_fixtures(config("[plain, random: 2]"));
  run_with_fixtures(config("[random: 1]"), "run", true);
  EXPECT_FALSE(fs::exists(root() / "run/baselines/plain"));
  EXPECT_FALSE(fs::exists(root() / "run/baselines/random_2"));
  EXPECT_TRUE(fs::exists(root() / "run/baselines/random_1"));
}

TEST_F(BaselinesTest, TheScreenSaysWhichOneToTake) {
  const std::string hand_made =
      render(run_with_fixtures(config("[plain, random: 3]", ", likes_large: true")));
  EXPECT_THAT(hand_made,
              AllOf(HasSubstr("random_search is worse than plain"), HasSubstr("Take baselines/plain")));
  const std::string found = render(run_with_fixtures(config("plain"), "small"));
  EXPECT_THAT(found, AllOf(HasSubstr("random_search is better than plain"),
                           HasSubstr("The best search is better than every baseline.")));
  const std::string unknown = render(run_with_fixtures(config("plain", {}, "0"), "once"));
  EXPECT_THAT(unknown, HasSubstr("give evaluate: {seeds: 0..4}"));
}

TEST_F(BaselinesTest, SummaryAndReportHoldThem) {
  run_with_fixtures(config("[plain, random: 1]"));
  const auto json = nlohmann::json::parse(read_text(root() / "run/summary.json"));
  EXPECT_EQ(json.at("baselines").size(), 2U);
  EXPECT_EQ(json.at("verdicts").at(0).at("answer"), "better");
  PluginRegistry registry = fixtures();
  const ReportedRun read = read_run(root() / "run", registry);
  EXPECT_THAT(read.gaps, IsEmpty());
  ASSERT_EQ(read.baselines.size(), 2U);
  EXPECT_EQ(read.baselines[1].trainings.size(), 3U);
  EXPECT_EQ(to_json_text(read.summary).empty(), false);
  EXPECT_EQ(read.summary.baselines[0].trained.size(), 3U);
  EXPECT_FALSE(read.unfinished());
  std::vector<ReportedRun> runs = {read};
  const page::Document document = page::report_of_runs(runs);
  const auto section = std::ranges::find(document.sections, "verdict", &page::Section::id);
  ASSERT_NE(section, document.sections.end());
  EXPECT_THAT(section->paragraphs, ElementsAre(HasSubstr("The best search is better than every baseline")));
  EXPECT_EQ(section->items.size(), 2U);
}

TEST_F(BaselinesTest, RefusesWhatTheSpaceDoesNotKnow) {
  EXPECT_THAT(
      message_of<UsageError>([&] { run_with_fixtures(config("[plian]")); }),
      AllOf(HasSubstr("the search space \"sized\" knows no network \"plian\""), HasSubstr("test.yaml:7:13"),
            HasSubstr("plain, or random: NUMBER"), HasSubstr("nearest:  plain")));
  std::string other = config("[resnet]");
  other.replace(other.find("sized"), 5, "good");
  EXPECT_THAT(message_of<UsageError>([&] { run_with_fixtures(other); }),
              AllOf(HasSubstr("the search space \"good\" knows no network \"resnet\""),
                    HasSubstr("this space names none that was made by hand")));
}

TEST_F(BaselinesTest, RefusesOtherForms) {
  const auto refusal = [&](const std::string& baselines) {
    return message_of<UsageError>([&] { testing::config_of(config(baselines)); });
  };
  EXPECT_THAT(refusal("[random]"), AllOf(HasSubstr("random says how many"), HasSubstr("random: 3")));
  EXPECT_THAT(refusal("[random: 0]"), HasSubstr("baselines.random"));
  EXPECT_THAT(refusal("[random: 1, random: 2]"), HasSubstr("random stands there twice"));
  EXPECT_THAT(refusal("[plain, plain]"), HasSubstr("\"plain\" stands there twice"));
  EXPECT_THAT(refusal("[plain: 3]"), HasSubstr("plain"));
  EXPECT_THAT(refusal("[]"), HasSubstr("the list is empty"));
  EXPECT_THAT(refusal("[[plain]]"), HasSubstr("not the name of a network"));
  std::string no_training = config("plain");
  no_training.erase(no_training.find("evaluate:"),
                    no_training.find("baselines:") - no_training.find("evaluate:"));
  EXPECT_THAT(message_of<UsageError>([&] { testing::config_of(no_training); }),
              HasSubstr("there is no evaluate:"));
}

TEST_F(BaselinesTest, AMistakeOfTheSpaceNamesIt) {
  const auto refusal = [&](const std::string& claim) {
    std::string text = config("plain");
    text.replace(text.find("sized"), 5, "{name: sized, claims: " + claim + "}");
    return message_of<Error>([&] { run_with_fixtures(text, "run", true); });
  };
  EXPECT_THAT(refusal("a stranger"), HasSubstr("something that is not an architecture of the search space"));
  EXPECT_THAT(refusal("one name twice"), HasSubstr("gave the name \"plain\" twice"));
  EXPECT_THAT(refusal("no option"), HasSubstr("width_option() gave no name"));
  EXPECT_THAT(refusal("another option"), HasSubstr("has no option wide, which its width_option() names"));
}

}  // namespace
}  // namespace espalier::host
