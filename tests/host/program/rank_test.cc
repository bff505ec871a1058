#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"
#include "paths.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// `espalier rank`. Intervals take time: only what asks for them gets them.
class Rank : public ProgramTest {
 protected:
  ProgramResult rank(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "rank");
    if (std::ranges::find(arguments, "--bootstrap") == arguments.end())
      arguments.insert(arguments.end(), {"--bootstrap", "0"});
    return espalier(arguments);
  }
  json found(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const ProgramResult result = rank(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out);
  }
  static double value(const json& report, const char* figure) {
    return report.at(figure).at("value").get<double>();
  }
};

/// Figures of all 15,625 cells on CIFAR-10 that were computed elsewhere, from the published tables.
TEST_F(Rank, OfShortTrainingsAndOfValidationIsWhatIsPublished) {
  const json epochs = found({"{name: nasbench201, epochs: 12}", "nasbench201", "--samples", "all"});
  EXPECT_EQ(epochs.at("architectures"), 15625);
  EXPECT_EQ(epochs.at("passed_over"), 0);
  EXPECT_EQ(epochs.at("search_space"), "nasbench201");
  EXPECT_EQ(epochs.at("predictor").at("label"), "{name: nasbench201, epochs: 12}:validation_accuracy");
  EXPECT_NEAR(value(epochs, "kendall"), 0.649, 0.0005);
  const json test = found({"nasbench201", "nasbench201:test_accuracy", "--samples", "all"});
  EXPECT_NEAR(value(test, "kendall"), 0.894, 0.0005);
  EXPECT_GT(value(test, "sparse_kendall"), value(test, "kendall"));
}

TEST_F(Rank, RespectsWhichValuesAreBetter) {
  const json fewer = found({"parameters", "nasbench201:edgegpu_latency"});
  EXPECT_GT(value(fewer, "kendall"), 0.3);
  const json worse = found({"parameters", "nasbench201:test_accuracy"});
  EXPECT_LT(value(worse, "kendall"), -0.3);
  EXPECT_TRUE(worse.at("sparse_kendall").is_null());  // its unit is not %
  EXPECT_EQ(worse.at("predictor").at("better"), "lower");
  const json same = found({"multiply_adds", "multiply_adds", "--space", "nasbench201", "--samples", "40"});
  EXPECT_DOUBLE_EQ(value(same, "spearman"), 1.0);
  EXPECT_EQ(same.at("top").at(0).at("regret").at("value"), 0.0);
}

TEST_F(Rank, CountsParametersAsTheTableOfTheirNetworks) {
  const json counted = found({"parameters", "nasbench201:parameters", "--samples", "60"});
  EXPECT_DOUBLE_EQ(value(counted, "kendall"), 1.0);
}

/// The column of architectures in a table of values.
std::vector<std::string> architectures_of(const std::string& table) {
  std::vector<std::string> result;
  std::istringstream stream(table);
  std::string line;
  std::getline(stream, line);
  EXPECT_EQ(line, "architecture,predicted,truth");
  while (std::getline(stream, line)) result.push_back(line.substr(0, line.rfind('"') + 1));
  return result;
}

TEST_F(Rank, DrawsDistinctArchitecturesOfWhichMoreContainTheFewer) {
  const auto drawn = [&](const std::string& count, const std::string& seed) {
    const ProgramResult result = rank(
        {"nasbench201", "nasbench201:test_accuracy", "--samples", count, "--seed", seed, "-o", "values.csv"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return architectures_of(text_of(folder_ / "values.csv"));
  };
  const std::vector<std::string> many = drawn("15000", "3");
  EXPECT_THAT(many, SizeIs(15000));
  EXPECT_THAT(std::set<std::string>(many.begin(), many.end()), SizeIs(15000));
  const std::vector<std::string> few = drawn("20", "3");
  EXPECT_TRUE(std::ranges::equal(few, std::vector<std::string>(many.begin(), many.begin() + 20)));
  EXPECT_NE(drawn("20", "4"), few);
  EXPECT_THAT(drawn("20000", "3"), SizeIs(15625));
}

TEST_F(Rank, WritesTheValuesAsTheyAre) {
  ASSERT_EQ(
      rank({"nasbench201", "nasbench201:test_accuracy", "--samples", "5", "-o", "values.csv"}).exit_code, 0);
  std::istringstream table(text_of(folder_ / "values.csv"));
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    const std::size_t quote = line.rfind('"');
    const std::string cell = line.substr(1, quote - 1);
    const auto query = [&](const std::string& metric) {
      std::string text = espalier({"query", "nasbench201", cell, "--metric", metric}).out;
      text.pop_back();
      return text;
    };
    EXPECT_EQ(line.substr(quote + 2), query("validation_accuracy") + "," + query("test_accuracy"));
  }
}

TEST_F(Rank, SaysHowManyArchitecturesLackAValue) {
  const json report = found({"nasbench201", "nasbench201:edgetpu_latency", "--samples", "300"});
  const auto passed = report.at("passed_over").get<int>();
  EXPECT_GT(passed, 0);
  EXPECT_EQ(report.at("architectures").get<int>() + passed, 300);
  const ProgramResult table = rank({"nasbench201", "nasbench201:edgetpu_latency", "--samples", "300"});
  EXPECT_THAT(table.out, HasSubstr("lack one of the two values: " + std::to_string(passed) + " more."));
}

TEST_F(Rank, PrintsATableAndTheSameAsCsv) {
  const std::vector<std::string> command = {
      "nasbench201", "nasbench201:edgegpu_latency", "--samples", "60", "--bootstrap", "20"};
  const ProgramResult table = rank(command);
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(StartsWith("nasbench201, 60 architectures\n"),
                               HasSubstr("edgegpu_latency (lower is better)"), HasSubstr("Kendall's τ-b"),
                               HasSubstr("95 % INTERVAL"), HasSubstr("regret at 50"),
                               HasSubstr("20 bootstrap resamples")));
  EXPECT_EQ(rank(command).out, table.out);
  std::vector<std::string> as_csv = command;
  as_csv.emplace_back("--csv");
  const std::string csv = rank(as_csv).out;
  EXPECT_THAT(csv, AllOf(StartsWith("figure,k,value,low,high,unit\nkendall,,"), HasSubstr("\nprecision,10,"),
                         HasSubstr("\nregret,50,")));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 3 + 6);
  const ProgramResult bare = rank({"nasbench201", "nasbench201:test_accuracy", "--samples", "60"});
  EXPECT_THAT(bare.out, AllOf(Not(HasSubstr("INTERVAL")), Not(HasSubstr("bootstrap"))));
}

TEST_F(Rank, HasOnlyTheTopsThatTheSampleAllows) {
  EXPECT_THAT(found({"nasbench201", "nasbench201:test_accuracy", "--samples", "10"}).at("top"), SizeIs(1));
  EXPECT_THAT(found({"nasbench201", "nasbench201:test_accuracy", "--samples", "11"}).at("top"), SizeIs(2));
}

TEST_F(Rank, TakesTheSpaceThatBothBenchmarksKnow) {
  EXPECT_EQ(found({"transnas101", "{name: transnas101, task: jigsaw}"}).at("search_space"),
            "transnas101_micro");
  const json other = found({"transnas101", "parameters", "--space", "transnas101_macro", "--samples", "30"});
  EXPECT_EQ(other.at("search_space"), "transnas101_macro");
  EXPECT_THAT(other.at("remarks"), SizeIs(1));
}

TEST_F(Rank, RefusesABenchmarkOfAnotherSpaceThanTheNamedOne) {
  expect_one_error(rank({"nasbench201", "parameters", "--space", "nasbench_macro"}), 2,
                   {"\"nasbench201\" does not know the search space \"nasbench_macro\""});
}

TEST_F(Rank, RefusesCountsThatAreNone) {
  for (const char* count : {"0", "1", "-5", "1e3", "ten", "", "10000001", "99999999999999999999999"})
    expect_one_error(rank({"nasbench201", "nasbench201:test_accuracy", "--samples", count}), 2,
                     {"--samples", "2 to 10,000,000, or all"});
}

TEST_F(Rank, PreparesABenchmarkThatNeedsIt) {
  const std::string fixtures = paths::fixture_plugins;
  const json report = found({"{name: prepared, steps: 2}", "prepared", "--space", "good", "--samples", "all",
                             "--plugin-path", fixtures + "/good", "--plugin-path", fixtures + "/measures"});
  EXPECT_EQ(report.at("architectures"), 2);
  EXPECT_DOUBLE_EQ(value(report, "kendall"), 1.0);
}

}  // namespace
}  // namespace espalier::testing
