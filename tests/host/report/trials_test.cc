#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "host/program/program_fixture.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

using CsvRow = std::map<std::string, std::string>;

/// The cells of a line, as RFC 4180 has them.
std::vector<std::string> csv_cells(const std::string& line) {
  std::vector<std::string> cells = {""};
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += line[i++];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  return cells;
}

std::vector<CsvRow> csv_rows(const std::string& text) {
  std::istringstream stream(text);
  std::string line;
  std::getline(stream, line);
  const std::vector<std::string> header = csv_cells(line);
  std::vector<CsvRow> rows;
  while (std::getline(stream, line)) {
    const std::vector<std::string> cells = csv_cells(line);
    EXPECT_EQ(cells.size(), header.size()) << line;
    CsvRow& row = rows.emplace_back();
    for (std::size_t i = 0; i < header.size(); ++i) row[header[i]] = cells.at(i);
  }
  return rows;
}

class Trials : public ProgramTest {
 protected:
  void run_config(const std::string& directory, const std::vector<std::string>& overrides = {}) const {
    write("config.yaml",
          "search_space: nasbench201\noptimizer: [random_search, local_search]\n"
          "benchmark: {name: nasbench201, dataset: cifar10}\n"
          "trainer: {name: discrete, trials: 30}\nseeds: 0..1\n");
    std::vector<std::string> command = {"run", "config.yaml", "--quiet", "--out", directory};
    command.insert(command.end(), overrides.begin(), overrides.end());
    const ProgramResult result = espalier(command);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  std::vector<CsvRow> trials(std::vector<std::string> directories) const {
    directories.insert(directories.begin(), "trials");
    const ProgramResult result = espalier(directories);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return csv_rows(result.out);
  }
  json result_of(const std::string& folder) const {
    return json::parse(text_of(folder_ / folder / "result.json"));
  }
};

TEST_F(Trials, HoldsEveryTrialOfARun) {
  run_config("mine");
  const std::vector<CsvRow> rows = trials({"mine"});
  ASSERT_THAT(rows, SizeIs(2 * 2 * 30));
  std::set<std::string> searches;
  double total = 0.0;
  double best = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const CsvRow& row = rows[i];
    if (i % 30 == 0) total = best = 0.0;
    total += std::stod(row.at("seconds"));
    best = std::max(best, std::stod(row.at("validation_accuracy")));
    EXPECT_EQ(row.at("run"), "mine");
    EXPECT_EQ(row.at("phase"), "search");
    EXPECT_EQ(row.at("trial"), std::to_string(i % 30 + 1));
    EXPECT_EQ(row.at("epoch") + row.at("training_seed") + row.at("stage"), "");
    EXPECT_EQ(std::stod(row.at("total_seconds")), total);
    EXPECT_EQ(std::stod(row.at("best")), best);
    EXPECT_GE(std::stod(row.at("measured_seconds")), 0.0);
    searches.insert(row.at("optimizer") + " " + row.at("seed"));
  }
  EXPECT_EQ(searches, (std::set<std::string>{"random_search 0", "random_search 1", "local_search 0",
                                             "local_search 1"}));
  const json found = result_of("mine/local_search/seed_1");
  EXPECT_EQ(std::stod(rows.back().at("best")), found.at("values").at("validation_accuracy").get<double>());
  EXPECT_EQ(std::stod(rows.back().at("report")), found.at("report").at("test_accuracy").get<double>());
  EXPECT_EQ(std::stod(rows.back().at("total_seconds")), found.at("seconds").get<double>());
}

TEST_F(Trials, KnowsTheParametersOfEachArchitecture) {
  run_config("mine", {"seeds=0", "trainer.trials=5"});
  for (const CsvRow& row : trials({"mine"})) {
    const json network =
        json::parse(espalier({"inspect", "nasbench201", row.at("architecture"), "--json"}).out);
    EXPECT_EQ(row.at("parameters"), network.at("parameters").dump());
  }
}

TEST_F(Trials, IsOneTableForRunsOfDifferentObjectives) {
  run_config("one", {"seeds=0", "trainer.trials=3"});
  run_config("two",
             {"seeds=0", "trainer.trials=2", "optimizer=nsga2", "objectives=[raspi4_latency, parameters]"});
  const std::vector<CsvRow> rows = trials({"one", "two"});
  ASSERT_THAT(rows, SizeIs(2 * 3 + 2));
  EXPECT_NE(rows.front().at("validation_accuracy"), "");
  EXPECT_EQ(rows.front().at("raspi4_latency"), "");
  EXPECT_EQ(rows.back().at("run"), "two");
  EXPECT_EQ(rows.back().at("validation_accuracy"), "");
  EXPECT_GT(std::stod(rows.back().at("raspi4_latency")), 0.0);
  EXPECT_EQ(std::stod(rows.back().at("objective_parameters")), std::stod(rows.back().at("parameters")));
}

TEST_F(Trials, AddsWhatABenchmarkKnowsOfEachArchitecture) {
  run_config("mine", {"seeds=0", "trainer.trials=5"});
  const std::vector<CsvRow> rows = trials(
      {"mine", "--column", "transferred={name: nasbench201, dataset: cifar100}:test_accuracy", "--column",
       "tpu=nasbench201:edgetpu_latency", "--column", "again=nasbench201", "--column", "adds=multiply_adds"});
  ASSERT_THAT(rows, SizeIs(10));
  const auto queried = [&](const CsvRow& row, const std::string& metric, const std::string& dataset) {
    const ProgramResult answer =
        espalier({"query", "nasbench201", row.at("architecture"), "--metric", metric, "--dataset", dataset});
    return answer.exit_code == 0 ? answer.out.substr(0, answer.out.find_first_of(" \n")) : "";
  };
  for (const CsvRow& row : rows) {
    EXPECT_EQ(row.at("transferred"), queried(row, "test_accuracy", "cifar100"));
    EXPECT_EQ(row.at("tpu"), queried(row, "edgetpu_latency", "cifar10")) << "empty where it is not known";
    EXPECT_EQ(row.at("again"), row.at("validation_accuracy"));
    const json network =
        json::parse(espalier({"inspect", "nasbench201", row.at("architecture"), "--json"}).out);
    EXPECT_EQ(std::stod(row.at("adds")), network.at("multiply_adds").get<double>());
  }
}

TEST_F(Trials, RefusesColumnsThatItCannotAdd) {
  run_config("mine", {"seeds=0", "trainer.trials=3"});
  const auto refusal = [&](const std::string& column) {
    const ProgramResult refused = espalier({"trials", "mine", "--column", column, "-o", "trials.csv"});
    EXPECT_EQ(refused.exit_code, 2) << column;
    EXPECT_FALSE(fs::exists(folder_ / "trials.csv"));
    return refused.err;
  };
  for (const char* column : {"nasbench201:test_accuracy", "x=", "=nasbench201", "{name: nasbench201, a=b}",
                             " =nasbench201", "a b=nasbench201", "a\nb=nasbench201"})
    EXPECT_THAT(refusal(column), AllOf(HasSubstr("names no column and metric"), HasSubstr("NAME=BENCHMARK")))
        << column;
  for (const char* taken : {"seed=nasbench201", "validation_accuracy=nasbench201", "learned_x=nasbench201"})
    EXPECT_THAT(refusal(taken), HasSubstr("two columns would have the name")) << taken;
  EXPECT_THAT(refusal("x=nasbench201:test_acuracy"), HasSubstr("nearest:  test_accuracy"));
  EXPECT_THAT(refusal("x=nasbench101"),
              AllOf(HasSubstr("does not know the search space"), HasSubstr("a benchmark of nasbench201")));
  EXPECT_THAT(espalier({"trials", "mine", "--column", "x=nasbench201", "--column", "x=nasbench201"}).err,
              HasSubstr("two columns would have the name \"x\""));
}

TEST_F(Trials, WritesAFileWholeOrNotAtAll) {
  run_config("mine", {"seeds=0", "trainer.trials=4"});
  EXPECT_EQ(espalier({"trials", "mine", "-o", "trials.csv"}).exit_code, 0);
  EXPECT_EQ(text_of(folder_ / "trials.csv"), espalier({"trials", "mine"}).out);
  const std::string before = text_of(folder_ / "trials.csv");
  const ProgramResult refused = espalier({"trials", "mine", "elsewhere", "-o", "trials.csv"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("no such directory"));
  EXPECT_EQ(text_of(folder_ / "trials.csv"), before);
}

TEST_F(Trials, TakesARunThatIsUnderWay) {
  run_config("mine", {"seeds=0", "trainer.trials=6"});
  fs::remove(folder_ / "mine/local_search/seed_0/result.json");
  fs::remove_all(folder_ / "mine/random_search");
  const fs::path events = folder_ / "mine/local_search/seed_0/events.jsonl";
  fs::resize_file(events, fs::file_size(events) - 10);  // in the middle of the last line
  EXPECT_THAT(trials({"mine"}), SizeIs(5));
}

TEST_F(Trials, NamesTheLineThatIsDamaged) {
  run_config("mine", {"seeds=0", "trainer.trials=6"});
  const std::string file = "mine/random_search/seed_0/events.jsonl";
  std::string text = text_of(folder_ / file);
  const std::size_t second = text.find('\n') + 1;
  write(file, std::string(text).replace(second, 1, "["));
  const ProgramResult broken = espalier({"trials", "mine", "-o", "trials.csv"});
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_THAT(broken.err, AllOf(HasSubstr(file + ":2: "), HasSubstr("not JSON"), HasSubstr("remedy: ")));
  EXPECT_FALSE(fs::exists(folder_ / "trials.csv"));
  write(file, std::string(text).replace(second, text.find('\n', second) - second, "{\"trial\": 2}"));
  EXPECT_THAT(espalier({"trials", "mine"}).err, HasSubstr(file + ":2: "));
}

}  // namespace
}  // namespace espalier::testing
