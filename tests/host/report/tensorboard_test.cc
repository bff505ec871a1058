#include "espalier/host/report/tensorboard.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "espalier/errors/errors.h"
#include "host/report/tensorboard_decoder.h"
#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr const char* event_file = "events.out.tfevents.espalier";

class TensorboardTest : public RunTest {
 protected:
  ReportedRun read(const fs::path& name = "run") const {
    PluginRegistry registry(PluginRegistry::search_path());
    return read_run(root_ / name, registry);
  }
  /// Two searches of five trials.
  ReportedRun small_run(const fs::path& name = "run") const {
    run_quietly(
        "search_space: nasbench201\noptimizer: {name: regularized_evolution, population_size: 4, "
        "sample_size: 2}\n"
        "benchmark: {name: nasbench201, dataset: cifar10}\ntrainer: {name: discrete, trials: 5}\nseeds: "
        "0..1\n",
        root_ / name);
    return read(name);
  }
  /// The first search of the small run, with other events; it is not finished.
  ReportedRun run_with_events(const std::string& events) const {
    small_run();
    write_text(search_ / "events.jsonl", events);
    fs::remove(search_ / "result.json");
    fs::remove(search_ / "timing.csv");
    return read();
  }
  void write(const std::vector<ReportedRun>& runs) const { write_tensorboard(runs, board_); }
  std::vector<DecodedEvent> events(const fs::path& folder) const {
    const fs::path file = board_ / folder / event_file;
    EXPECT_TRUE(fs::is_regular_file(file)) << file;
    return decoded_events(read_text(file));
  }
  /// Those of the first search of the small run, less the version and the hyperparameters.
  std::vector<DecodedEvent> steps() const {
    std::vector<DecodedEvent> all = events("run/regularized_evolution/seed_0");
    all.erase(all.begin(), all.begin() + 2);
    return all;
  }
  /// The folders that hold a file.
  std::vector<std::string> folders() const {
    std::vector<std::string> names;
    for (const auto& [name, text] : files_of(board_)) names.push_back(fs::path(name).parent_path().string());
    return names;
  }

  fs::path board_ = root_ / "board";
  fs::path search_ = root_ / "run/regularized_evolution/seed_0";
};

std::string trial_line(std::uint64_t trial, double seconds = 2.0) {
  return json{{"trial", trial},
              {"architecture", "a"},
              {"values", {50.0}},
              {"seconds", seconds},
              {"best", 50.0}}
             .dump() +
         "\n";
}

TEST(TensorboardDecoder, KnowsTheChecksumsOfRfc3720) {
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
}

TEST_F(TensorboardTest, HoldsEveryTrialOfASearch) {
  write({small_run()});
  std::istringstream lines(read_text(search_ / "events.jsonl"));
  const std::vector<DecodedEvent> decoded = steps();
  ASSERT_THAT(decoded, SizeIs(5));
  double seconds = 0.0;
  std::string line;
  for (std::int64_t trial = 1; std::getline(lines, line); ++trial) {
    const json event = json::parse(line);
    const DecodedEvent& found = decoded.at(static_cast<std::size_t>(trial - 1));
    seconds += event.at("seconds").get<double>();
    EXPECT_EQ(found.step, trial);
    EXPECT_EQ(found.wall_time, seconds);
    EXPECT_THAT(found.scalars, UnorderedElementsAre(
                                   Pair("fidelity", 200.0F),
                                   Pair("trial/validation_accuracy", event.at("values").at(0).get<float>()),
                                   Pair("best/validation_accuracy", event.at("best").get<float>()),
                                   Pair("best/report test_accuracy", event.at("best_report").get<float>())));
  }
  EXPECT_GT(seconds, 0.0);
}

TEST_F(TensorboardTest, HasAFolderForTheRunAndForEachSearch) {
  write({small_run()});
  EXPECT_THAT(folders(), UnorderedElementsAre("run", "run/regularized_evolution/seed_0",
                                              "run/regularized_evolution/seed_1"));
  const std::vector<DecodedEvent> run = events("run");
  ASSERT_THAT(run, SizeIs(2));
  EXPECT_EQ(run[0].version, "brain.Event:2");
  EXPECT_THAT(run[1].texts, ElementsAre(Pair("config", AllOf(StartsWith("    search_space:"),
                                                             HasSubstr("\n        population_size: 4\n")))));
}

TEST_F(TensorboardTest, TellsTheOptionsOfASearch) {
  write({small_run()});
  const DecodedEvent head = events("run/regularized_evolution/seed_1").at(1);
  EXPECT_EQ(head.group, "run/regularized_evolution") << "TensorBoard takes means over a group";
  EXPECT_THAT(head.strings, AllOf(Contains(Pair("optimizer", "regularized_evolution")),
                                  Contains(Pair("trainer", "discrete"))));
  EXPECT_THAT(head.numbers,
              AllOf(Contains(Pair("optimizer.population_size", 4.0)), Contains(Pair("trainer.trials", 5.0))));
}

TEST_F(TensorboardTest, TellsNumbersSwitchesAndTextsApart) {
  ReportedRun run = small_run();
  run.methods.front().optimizer.options = ConfigValue::map(
      {{"rate", ConfigValue::number(2.5e-10)},
       {"fast", ConfigValue::of("true")},
       {"version", ConfigValue::of("10", true)},
       {"list", ConfigValue::list({ConfigValue::of("1")})},
       {"predictor", ConfigValue::map({{"name", ConfigValue::of("gp\xff")}, {"empty", ConfigValue()}})}});
  run.methods.front().trainer = {};
  write({run});
  const DecodedEvent head = events("run/regularized_evolution/seed_0").at(1);
  EXPECT_THAT(head.numbers, ElementsAre(Pair("optimizer.rate", 2.5e-10)));
  EXPECT_THAT(head.booleans, ElementsAre(Pair("optimizer.fast", true)));
  EXPECT_THAT(head.strings,
              ElementsAre(Pair("optimizer", "regularized_evolution"), Pair("optimizer.predictor.name", "gp"),
                          Pair("optimizer.version", "10")));
}

TEST_F(TensorboardTest, HoldsTheTrainingsOfAGivenArchitecture) {
  ReportedRun run = small_run();
  run.methods.clear();
  run.trainings.push_back({.label = "evaluate", .folder = search_, .progress = JobProgress::finished});
  write({run});
  EXPECT_THAT(folders(), UnorderedElementsAre("run", "run/regularized_evolution/seed_0"));
  EXPECT_THAT(events("run/regularized_evolution/seed_0"), SizeIs(1 + 5)) << "without hyperparameters";
}

TEST_F(TensorboardTest, IsTheSameEachTime) {
  const ReportedRun run = small_run();
  write({run});
  const auto before = files_of(board_);
  write({run});
  EXPECT_THAT(differing(before, files_of(board_)), IsEmpty());
  write_tensorboard({run}, root_ / "another");
  EXPECT_THAT(differing(before, files_of(root_ / "another")), IsEmpty());
}

TEST_F(TensorboardTest, OfASearchThatGoesOnHoldsWhatIsThere) {
  small_run();
  fs::remove(search_ / "result.json");
  fs::resize_file(search_ / "events.jsonl", fs::file_size(search_ / "events.jsonl") - 10);
  fs::remove_all(root_ / "run/regularized_evolution/seed_1");
  write({read()});
  EXPECT_THAT(steps(), SizeIs(4)) << "the last line is not whole yet";
  EXPECT_THAT(folders(), UnorderedElementsAre("run", "run/regularized_evolution/seed_0"));
}

TEST_F(TensorboardTest, GrowsAtItsEndWithTheSearch) {
  const auto file = board_ / "run/regularized_evolution/seed_0" / event_file;
  write({run_with_events(trial_line(1) + trial_line(2))});
  const std::string before = read_text(file);
  write_text(search_ / "events.jsonl", trial_line(1) + trial_line(2) + trial_line(3));
  write({read()});
  EXPECT_THAT(read_text(file), StartsWith(before)) << "a reader goes on where it stopped";
  EXPECT_THAT(steps(), SizeIs(3));
}

TEST_F(TensorboardTest, HoldsTheEpochsOfAOneShotSearch) {
  ReportedRun run = run_with_events(
      R"({"architecture":"x","benchmark":{"cifar10":{"test_accuracy":92.5},"cifar100":{"test_accuracy":70.25}},)"
      R"("entropy":1.5,"epoch":1,"figures":{"reward":0.5},"report":92.5,)"
      R"("strengths":[[0.5,0.25,0.125,0.0625,0.0625],[0.25,0.75],"odd"],)"
      R"("train_loss":2.0,"validation_accuracy":24.25,"note":"words","values":[90.125]})"
      "\n"
      R"({"epoch":2,"train_loss":1.5})"
      "\n");
  const auto& choice = run.space->choices().front();
  write({run});
  const std::vector<DecodedEvent> epochs = steps();
  ASSERT_THAT(epochs, SizeIs(2));
  const std::string first = "strengths/" + choice.name + "/";
  const std::string second = "strengths/" + run.space->choices()[1].name + "/";
  EXPECT_EQ(epochs[0].step, 1);
  EXPECT_THAT(
      epochs[0].scalars,
      UnorderedElementsAre(
          Pair("architecture/validation_accuracy", 90.125F), Pair("report/test_accuracy", 92.5F),
          Pair("benchmark/cifar10/test_accuracy", 92.5F), Pair("benchmark/cifar100/test_accuracy", 70.25F),
          Pair("entropy", 1.5F), Pair("figures/reward", 0.5F), Pair("epoch/train_loss", 2.0F),
          Pair("epoch/validation_accuracy", 24.25F), Pair(first + choice.candidates[0], 0.5F),
          Pair(first + choice.candidates[1], 0.25F), Pair(first + choice.candidates[2], 0.125F),
          Pair(first + choice.candidates[3], 0.0625F), Pair(first + choice.candidates[4], 0.0625F),
          Pair(second + "candidate 0", 0.25F), Pair(second + "candidate 1", 0.75F)));
  EXPECT_THAT(epochs[1].scalars, ElementsAre(Pair("epoch/train_loss", 1.5F)));
  run.space = nullptr;
  write({run});
  EXPECT_THAT(steps().front().scalars, Contains(Pair("strengths/choice 1/candidate 1", 0.75F)));
}

TEST_F(TensorboardTest, TakesTheMeasuredSecondsWhereNoneAreSimulated) {
  const ReportedRun run = run_with_events(trial_line(1, 0.0) + trial_line(2, 0.0) + trial_line(3, 0.0));
  write_text(search_ / "timing.csv", "events,seconds\n1,4.5\n2,7.25\n");
  write({run});
  const std::vector<DecodedEvent> found = steps();
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].wall_time, 4.5);
  EXPECT_EQ(found[1].wall_time, 7.25);
  EXPECT_EQ(found[2].wall_time, 7.25) << "not known yet";
}

TEST_F(TensorboardTest, HoldsTrainingsBesideTheirSearch) {
  ReportedRun run = small_run();
  const fs::path training = search_ / "evaluation/seed_3";
  for (const fs::path& folder : {training, search_ / "selection"}) {
    fs::create_directories(folder);
    write_text(folder / "events.jsonl", R"({"epoch":1,"train_accuracy":33.5})"
                                        "\n");
  }
  run.trainings.push_back(
      {.label = "regularized_evolution", .folder = training, .progress = JobProgress::begun});
  run.trainings.push_back({.label = "regularized_evolution", .folder = search_ / "evaluation/seed_4"});
  write({run});
  for (const char* folder : {"evaluation/seed_3", "selection"}) {
    const auto found = events(fs::path("run/regularized_evolution/seed_0") / folder);
    ASSERT_THAT(found, SizeIs(2)) << folder;
    EXPECT_THAT(found[1].scalars, ElementsAre(Pair("epoch/train_accuracy", 33.5F)));
  }
  EXPECT_THAT(folders(), Not(Contains("run/regularized_evolution/seed_0/evaluation/seed_4")));
}

TEST_F(TensorboardTest, ThinsALongSearchEvenly) {
  std::string text;
  constexpr std::uint64_t count = 2 * kTensorboardSteps + 5;
  for (std::uint64_t trial = 1; trial <= count; ++trial) text += trial_line(trial);
  write({run_with_events(text)});
  const std::vector<DecodedEvent> found = steps();
  ASSERT_THAT(found, SizeIs(count / 3 + 2));
  EXPECT_EQ(found.front().step, 1);
  EXPECT_EQ(found[1].step, 3);
  for (std::size_t i = 2; i + 1 < found.size(); ++i) EXPECT_EQ(found[i].step, found[i - 1].step + 3);
  EXPECT_EQ(found.back().step, static_cast<std::int64_t>(count));
  EXPECT_EQ(found.back().wall_time, 2.0 * count) << "what is left out counts";
}

TEST_F(TensorboardTest, HoldsEveryTrialUpToItsLimit) {
  std::string text;
  for (std::uint64_t trial = 1; trial <= kTensorboardSteps; ++trial) text += trial_line(trial);
  write({run_with_events(text)});
  EXPECT_EQ(steps().size(), kTensorboardSteps);
  EXPECT_EQ(steps()[1].step, 2);
}

TEST_F(TensorboardTest, GivesRunsOfOneNameFoldersOfTheirOwn) {
  small_run();
  for (const char* copy : {"a/run", "b/run-2"}) {
    fs::create_directories(root_ / fs::path(copy).parent_path());
    fs::copy(root_ / "run", root_ / copy, fs::copy_options::recursive);
  }
  write({read(), read("a/run/"), read("b/run-2")});
  for (const char* name : {"run", "run-2", "run-2-2"}) {
    EXPECT_THAT(folders(), Contains(fs::path(name) / "regularized_evolution/seed_1")) << name;
    EXPECT_EQ(events(fs::path(name) / "regularized_evolution/seed_1").at(1).group,
              std::string(name) + "/regularized_evolution");
  }
}

TEST_F(TensorboardTest, StaysInItsDirectory) {
  ReportedRun run = small_run();
  for (const char* spelling : {"run/.", "run/./", "run/regularized_evolution/.."}) {
    run = read(spelling);
    write({run});
    EXPECT_THAT(folders(), UnorderedElementsAre("run", "run/regularized_evolution/seed_0",
                                                "run/regularized_evolution/seed_1"))
        << spelling;
  }
  fs::remove_all(board_);
  fs::rename(root_ / "run", root_ / "r\xffn\xc3\xa4");
  write({read("r\xffn\xc3\xa4")});
  EXPECT_THAT(folders(), Contains("rn\xc3\xa4/regularized_evolution/seed_0"));
}

TEST_F(TensorboardTest, TakesAnyNamesAndNumbers) {
  ReportedRun run = run_with_events(
      R"({"trial":1,"architecture":"x","values":[1e300],"seconds":1,"best":-1e300,"best_report":0.1,"odd":)"
      R"({"../..":{"a":{"too":{"deep":1}}},"words":"x","list":[1,2],"\u0000":3}})"
      "\n");
  run.summary.metrics.objectives.front().name = "a\xff\xed\xa0\x80/../b\n";
  run.summary.metrics.report.reset();
  write({run});
  EXPECT_THAT(steps().at(0).scalars,
              UnorderedElementsAre(Pair("trial/a/../b\n", std::numeric_limits<float>::infinity()),
                                   Pair("best/a/../b\n", -std::numeric_limits<float>::infinity()),
                                   Pair("best/report report", 0.1F), Pair(std::string("odd/\0", 5), 3.0F)));
  EXPECT_THAT(folders(), SizeIs(3));
}

TEST_F(TensorboardTest, PassesOverWhatTheRunKnowsToBeDamaged) {
  small_run();
  write_text(search_ / "result.json", "{}");
  const ReportedRun run = read();
  EXPECT_THAT(run.gaps, SizeIs(1));
  write({run});
  EXPECT_THAT(folders(), UnorderedElementsAre("run", "run/regularized_evolution/seed_1"));
}

TEST_F(TensorboardTest, NamesTheLineThatIsDamaged) {
  const ReportedRun run = small_run();
  std::string text = read_text(search_ / "events.jsonl");
  write_text(search_ / "events.jsonl", text.replace(text.find('\n') + 1, 1, "["));
  EXPECT_THAT(message_of<Error>([&] { write({run}); }),
              AllOf(HasSubstr("seed_0/events.jsonl:2: "), HasSubstr("not JSON"), HasSubstr("remedy: ")));
  EXPECT_THAT(folders(), ElementsAre("run")) << "a file is whole or absent";
}

TEST_F(TensorboardTest, SaysWhereItCannotWrite) {
  const ReportedRun run = small_run();
  write_text(board_, "a file");
  EXPECT_THAT(message_of<Error>([&] { write({run}); }),
              AllOf(HasSubstr(board_.string()), HasSubstr("--tensorboard"), Not(HasSubstr("--out"))));
  EXPECT_EQ(read_text(board_), "a file");
  fs::remove(board_);
  fs::create_directories(board_ / "run" / event_file);
  EXPECT_THAT(message_of<Error>([&] { write({run}); }), HasSubstr("cannot write events.out.tfevents"));
  EXPECT_FALSE(fs::exists(board_ / "run/events.partial"));
}

TEST_F(TensorboardTest, WithoutRunsWritesNothing) {
  write({});
  EXPECT_FALSE(fs::exists(board_));
}

}  // namespace
}  // namespace espalier::host::testing
