#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "host/program/program_fixture.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ReportTest : public ProgramTest {
 protected:
  void search(const std::string& directory, const std::vector<std::string>& overrides = {}) const {
    write("config.yaml",
          "search_space: nasbench201\noptimizer: [random_search, local_search]\n"
          "benchmark: {name: nasbench201, dataset: cifar10}\n"
          "trainer: {name: discrete, trials: 30}\nseeds: 0..5\n");
    std::vector<std::string> command = {"run", "config.yaml", "--out", directory, "--quiet"};
    command.insert(command.end(), overrides.begin(), overrides.end());
    ASSERT_EQ(espalier(command).exit_code, 0);
  }

  json data(const std::vector<std::string>& runs) const {
    std::vector<std::string> command = {"report", "--json"};
    command.insert(command.end(), runs.begin(), runs.end());
    return json::parse(espalier(command).out);
  }

  /// What a section holds, by the ids of its figures and tables.
  static std::map<std::string, json> items_of(const json& report) {
    std::map<std::string, json> items;
    for (const json& section : report.at("sections"))
      for (const json& item : section.at("items")) items[item.at("id").get<std::string>()] = item;
    return items;
  }
};

TEST_F(ReportTest, WritesAPageWithFiguresAndTablesIntoTheRun) {
  search("run");
  const ProgramResult result = espalier({"report", "run"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("report: run/report/report.html ("));
  EXPECT_THAT(text_of(folder_ / "run/report/report.html"),
              AllOf(HasSubstr("local_search"), HasSubstr("Content-Security-Policy")));
  EXPECT_TRUE(fs::exists(folder_ / "run/report/tables/results-table.tex"));
  // The run goes on as before.
  EXPECT_EQ(espalier({"resume", "run", "seeds=0..6", "--quiet"}).exit_code, 0);
}

TEST_F(ReportTest, SameRunSameBytes) {
  search("run");
  const auto page = [&](const std::string& folder) {
    EXPECT_EQ(espalier({"report", "run", "-o", folder}, {{"PATH", "/nowhere"}}).exit_code, 0);
    return text_of(folder_ / folder / "report.html");
  };
  EXPECT_EQ(page("a"), page("b"));
}

TEST_F(ReportTest, TheFiguresAreThoseOfTheSummary) {
  search("run");
  const json summary = json::parse(text_of(folder_ / "run/summary.json"));
  const auto items = items_of(data({"run"}));
  const json& rows = items.at("results-figure").at("content").at("rows");
  ASSERT_EQ(rows.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const json& figure = summary.at("optimizers").at(i).at("report");
    EXPECT_EQ(rows.at(i).at("name"), summary.at("optimizers").at(i).at("label"));
    EXPECT_EQ(rows.at(i).at("value"), figure.at("mean"));
    EXPECT_EQ(rows.at(i).at("interval"), figure.at("interval_95"));
  }
  const double difference = rows.at(0).at("value").get<double>() - rows.at(1).at("value").get<double>();
  EXPECT_NEAR(items.at("differences-figure").at("content").at("rows").at(0).at("value").get<double>(),
              difference, 1e-9);
}

TEST_F(ReportTest, TheErrorByTrialsIsWhatTheAnytimeTableHas) {
  search("run");
  const auto items = items_of(data({"run"}));
  const json& series = items.at("report-value-by-trials").at("content").at("panels").at(0).at("series");
  ASSERT_EQ(series.size(), 2U);
  const json& last = series.at(0).at("points").back();
  EXPECT_EQ(last.at(0), 30.0);
  const json summary = json::parse(text_of(folder_ / "run/summary.json"));
  EXPECT_NEAR(last.at(1).get<double>(),
              100.0 - summary.at("optimizers").at(0).at("report").at("mean").get<double>(), 1e-9);
}

TEST_F(ReportTest, OfSeveralBenchmarksRanksTheOptimizers) {
  search("c10");
  search("c100", {"benchmark.dataset=cifar100"});
  EXPECT_THAT(espalier({"report", "c10", "c100"}).err,
              AllOf(HasSubstr("several runs"), HasSubstr("add -o DIR")));
  const auto items = items_of(data({"c10", "c100"}));
  EXPECT_EQ(items.at("ranks-figure").at("content").at("methods").size(), 2U);
  EXPECT_TRUE(items.contains("results-table-2"));
}

TEST_F(ReportTest, OfSeveralObjectivesDrawsTheFronts) {
  search("run", {"objectives=[validation_accuracy, parameters]", "optimizer=nsga2", "seeds=0..1"});
  const auto items = items_of(data({"run"}));
  const json& cloud = items.at("front").at("content").at("clouds").at(0);
  EXPECT_EQ(cloud.at("front"), true);
  EXPECT_FALSE(cloud.at("dots").empty());
}

TEST_F(ReportTest, OfAnInterruptedRunSaysSo) {
  search("run");
  fs::remove(folder_ / "run/random_search/seed_3/result.json");
  const ProgramResult result = espalier({"report", "run"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("1 of 12 searches are not finished"), HasSubstr("espalier resume run")));
  EXPECT_EQ(data({"run"}).at("unfinished"), false);  // no process works on it
}

TEST_F(ReportTest, OfADamagedRunNamesTheFile) {
  search("run");
  write("run/random_search/seed_3/result.json", "{");
  const ProgramResult result = espalier({"report", "run"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("run/random_search/seed_3/result.json"));
}

TEST_F(ReportTest, OfDamagedEventsNamesTheFile) {
  search("run");
  write("run/random_search/seed_0/events.jsonl", "");
  EXPECT_THAT(espalier({"report", "run"}).out, HasSubstr("run/random_search/seed_0/events.jsonl"));
  write("run/random_search/seed_0/curve.csv", "nonsense");
  EXPECT_THAT(espalier({"report", "run"}).out,
              HasSubstr("its curve.csv is damaged, and its events.jsonl as well"));
}

TEST_F(ReportTest, LeavesWhatOthersWroteAsItIs) {
  search("run");
  fs::create_directories(folder_ / "own");
  write("own/report.md", "mine");
  const ProgramResult result = espalier({"report", "run", "-o", "own"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("this folder holds something other than a report"));
  EXPECT_EQ(text_of(folder_ / "own/report.md"), "mine");
}

TEST_F(ReportTest, RefusesARunThatIsNamedTwiceAndOptionsThatExclude) {
  search("run");
  EXPECT_THAT(espalier({"report", "run", "./run/", "-o", "both"}).err, HasSubstr("this run is named twice"));
  EXPECT_EQ(espalier({"report", "run", "--json", "--follow"}).exit_code, 2);
  EXPECT_EQ(espalier({"report", "run", "--json", "-o", "both"}).exit_code, 2);
}

TEST_F(ReportTest, ALocaleThatIsNotThereIsNoReasonToFail) {
  search("run");
  const ProgramResult result = espalier({"report", "run"}, {{"LC_ALL", "xx_YY.UTF-8"}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(ReportTest, TablesForSpreadsheetsHoldNumbers) {
  search("run");
  ASSERT_EQ(espalier({"report", "run"}).exit_code, 0);
  for (const char* name : {"results-table", "differences-table"}) {
    const std::string csv = text_of(folder_ / "run/report/tables" / (std::string(name) + ".csv"));
    EXPECT_THAT(csv, Not(HasSubstr("'")));
    EXPECT_THAT(csv, Not(HasSubstr("±")));
  }
}

TEST_F(ReportTest, RefusesWhatIsNoRunAndWhatCannotBeWritten) {
  search("run");
  fs::create_directories(folder_ / "empty");
  EXPECT_EQ(espalier({"report", "empty"}).exit_code, 2);
  EXPECT_EQ(espalier({"report", "nowhere"}).exit_code, 2);
  EXPECT_EQ(espalier({"report", "config.yaml"}).exit_code, 2);
  write("file", "");
  const ProgramResult result = espalier({"report", "run", "-o", "file"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("file"));
  EXPECT_EQ(text_of(folder_ / "file"), "");
}

TEST_F(ReportTest, WithoutNodeThePageIsWrittenAndTheRemedyNamed) {
  search("run");
  const ProgramResult result = espalier({"report", "run"}, {{"PATH", "/nowhere"}});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("nodejs"));
  EXPECT_TRUE(fs::exists(folder_ / "run/report/report.html"));
}

TEST_F(ReportTest, OfARunThatJustEnded) {
  write("config.yaml",
        "search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n"
        "trainer: {name: discrete, trials: 10}\nseeds: 0\n");
  const ProgramResult result = espalier({"run", "config.yaml", "--out", "run", "--report", "--quiet"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("\nreport: run/report/report.html"));
  EXPECT_TRUE(fs::exists(folder_ / "run/report/report.html"));
}

TEST_F(ReportTest, WritesEventFilesForTensorBoard) {
  search("run", {"seeds=0"});
  const ProgramResult result = espalier({"report", "run", "--tensorboard", "events"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("tensorboard --logdir events"));
  EXPECT_TRUE(fs::exists(folder_ / "events/run/local_search/seed_0"));
  EXPECT_FALSE(fs::exists(folder_ / "run/report"));
}

TEST_F(ReportTest, FollowingARunThatHasEndedWritesItsReport) {
  search("run");
  const ProgramResult result = espalier({"report", "run", "--follow"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("report: run/report/report.html"));
}

}  // namespace
}  // namespace espalier::testing
