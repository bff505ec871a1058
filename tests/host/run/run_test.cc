#include "espalier/host/run/run.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "espalier/errors/errors.h"
#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST_F(RunTest, WritesWhatEachSearchFound) {
  const Summary summary = run_quietly(config_text(), root_ / "run");
  ASSERT_EQ(summary.rows.size(), 3U);
  for (const SummaryRow& row : summary.rows) {
    ASSERT_EQ(row.results.size(), 4U);
    for (const SeedResult& result : row.results) {
      const fs::path folder = root_ / "run" / row.label / ("seed_" + std::to_string(result.seed));
      const auto json = nlohmann::json::parse(read_text(folder / "result.json"));
      EXPECT_EQ(json.at("architecture"), result.architecture);
      EXPECT_EQ(json.at("optimizer"), row.label);
      EXPECT_EQ(json.at("seed"), result.seed);
      EXPECT_EQ(json.at("trials"), 60);
      const auto& value = json.at("values").at("validation_accuracy");
      const auto& report = json.at("report").at("test_accuracy");
      EXPECT_EQ(value, result.values.front());
      EXPECT_EQ(report, *result.report);
      EXPECT_EQ(json.at("fidelity"), 200);
      EXPECT_EQ(json.at("refused"), 0);
      EXPECT_GT(json.at("seconds"), 0.0);
      EXPECT_FALSE(fs::exists(folder / "checkpoint.cbor"));

      const auto events = lines_of(read_text(folder / "events.jsonl"));
      ASSERT_EQ(events.size(), 60U);
      double best = 0.0;
      for (const std::string& line : events)
        best = std::max(best, nlohmann::json::parse(line).at("values").at(0).get<double>());
      EXPECT_EQ(best, result.values.front());

      const auto curve = lines_of(read_text(folder / "curve.csv"));
      ASSERT_GE(curve.size(), 2U);
      EXPECT_EQ(curve.front(), "trial,seconds,objective,report");
      EXPECT_THAT(curve[1], ::testing::StartsWith("1,"));
      EXPECT_THAT(curve.back(), HasSubstr("," + value.dump() + "," + report.dump()));
    }
  }
}

TEST_F(RunTest, TheResolvedConfigHasEveryDefaultAndRunsToTheSameResults) {
  run_quietly(config_text("0..1"), root_ / "first");
  const std::string resolved = read_text(root_ / "first" / "config.yaml");
  EXPECT_THAT(resolved, AllOf(HasSubstr("dataset: cifar10"), HasSubstr("population_size: 10"),
                              HasSubstr("seeds: 0..1"), Not(HasSubstr(root_.string()))));
  run_quietly(resolved, root_ / "second");
  EXPECT_EQ(files_of(root_ / "first"), files_of(root_ / "second"));
}

TEST_F(RunTest, TheResultsDoNotDependOnTheJobs) {
  run_quietly(config_text(), root_ / "one", 1);
  run_quietly(config_text(), root_ / "four", 4);
  EXPECT_EQ(files_of(root_ / "one"), files_of(root_ / "four"));
}

TEST_F(RunTest, AFinishedRunIsNotRunAgain) {
  run_quietly(config_text(), root_);
  const fs::path result = root_ / "random_search" / "seed_0" / "result.json";
  const auto before = fs::last_write_time(result);
  const auto files = files_of(root_);
  run_quietly(config_text(), root_);
  EXPECT_EQ(fs::last_write_time(result), before);
  EXPECT_EQ(files_of(root_), files);
}

TEST_F(RunTest, OverwriteRunsAgainAndRemovesOnlyWhatARunWrites) {
  run_quietly(config_text("0..3"), root_);
  write_text(root_ / "notes.txt", "mine");
  write_text(root_ / "random_search" / "seed_3" / "notes.txt", "mine, too");
  run_quietly(config_text("0..1", 30), root_, 1, true);
  EXPECT_FALSE(fs::exists(root_ / "local_search" / "seed_3"));
  EXPECT_FALSE(fs::exists(root_ / "random_search" / "seed_3" / "result.json"));
  EXPECT_EQ(read_text(root_ / "notes.txt"), "mine");
  EXPECT_EQ(read_text(root_ / "random_search" / "seed_3" / "notes.txt"), "mine, too");
  EXPECT_EQ(nlohmann::json::parse(read_text(root_ / "random_search" / "seed_1" / "result.json")).at("trials"),
            30);
}

TEST_F(RunTest, RefusesADirectoryOfAnotherConfig) {
  run_quietly(config_text("0..1"), root_);
  const auto files = files_of(root_);
  const std::string message = message_of<UsageError>([&] { run_quietly(config_text("0..1", 59), root_); });
  EXPECT_THAT(message,
              AllOf(HasSubstr("trainer.trials"), HasSubstr("60"), HasSubstr("59"),
                    HasSubstr("more seeds, more optimizers"), HasSubstr("or a larger trainer.trials"),
                    HasSubstr("--overwrite"), HasSubstr("--out"), HasSubstr("config.yaml")));
  EXPECT_THAT(message_of<UsageError>([&] { run_quietly(config_text("1..2"), root_); }), HasSubstr("seeds"));
  std::string other = config_text("0..1");
  other.replace(other.find("cifar10"), 7, "cifar100");
  EXPECT_THAT(message_of<UsageError>([&] { run_quietly(other, root_); }), HasSubstr("benchmark.dataset"));
  EXPECT_EQ(files_of(root_), files);
}

TEST_F(RunTest, PaperResultsMayChange) {
  run_quietly(config_text("0..1"), root_);
  const std::string paper = "paper_results: {figures: {random_search: {mean: 94.17, std: 0.19}}}\n";
  const Summary summary = run_quietly(config_text("0..1") + paper, root_);
  EXPECT_DOUBLE_EQ(summary.rows.front().paper->mean, 94.17);
}

TEST_F(RunTest, RefusesADirectoryThatIsNoRun) {
  write_text(root_ / "thesis.tex", "years of work");
  write_text(root_ / "config.yaml", "something: else");
  for (const bool overwrite : {false, true}) {
    const std::string message =
        message_of<UsageError>([&] { run_quietly(config_text(), root_, 1, overwrite); });
    EXPECT_THAT(message, AllOf(HasSubstr("something other than a run"), HasSubstr("--out")));
  }
  EXPECT_EQ(read_text(root_ / "thesis.tex"), "years of work");
  EXPECT_EQ(read_text(root_ / "config.yaml"), "something: else");
}

TEST_F(RunTest, ABadOptionIsRefusedBeforeAnythingIsWritten) {
  const std::string config = config_text() + "paper_results: {figures: {}}\n";
  const std::string typo = std::string(config).replace(config.find("sample_size"), 11, "sampel_size");
  EXPECT_THAT(message_of<UsageError>([&] { run_quietly(typo, root_ / "run"); }),
              AllOf(HasSubstr("sampel_size"), HasSubstr("sample_size"), HasSubstr("test.yaml:2")));
  const std::string unknown = std::string(config).replace(config.find("local_search"), 12, "locol_search");
  EXPECT_THAT(message_of<UsageError>([&] { run_quietly(unknown, root_ / "run"); }),
              HasSubstr("local_search"));
  EXPECT_FALSE(fs::exists(root_ / "run"));
}

TEST_F(RunTest, AMissingBenchmarkIsRefusedBeforeAnythingIsWritten) {
  const std::string text =
      "search_space: nasbench201\noptimizer: random_search\ntrainer: discrete\nseed: 0\n";
  EXPECT_THAT(message_of<UsageError>([&] { run_quietly(text, root_ / "run"); }),
              HasSubstr("needs a benchmark"));
  EXPECT_FALSE(fs::exists(root_ / "run"));
}

TEST_F(RunTest, TheEnvironmentSaysWhereItRan) {
  run_quietly(config_text("0"), root_);
  const auto json = nlohmann::json::parse(read_text(root_ / "environment.json"));
  for (const char* key : {"espalier", "abi", "compiler", "boost", "cpu", "os", "kernel"}) {
    EXPECT_FALSE(json.at(key).get<std::string>().empty()) << key;
  }
  EXPECT_GE(json.at("cores"), 1);
  EXPECT_EQ(json.at("plugins").size(), 6U);
}

}  // namespace
}  // namespace espalier::host::testing
