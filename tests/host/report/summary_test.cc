#include "espalier/host/report/summary.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::vector<std::string>> table_of(const std::string& csv) {
  std::istringstream stream(csv);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(stream, line);) {
    std::vector<std::string> cells;
    std::istringstream row(line + ",");
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    rows.push_back(cells);
  }
  return rows;
}

TEST(Statistics, OfAKnownSample) {
  // R: t.test(c(93.1, 94.2, 94.0, 93.7, 94.4)), sd(…)
  const Statistics figure = statistics({93.1, 94.2, 94.0, 93.7, 94.4});
  EXPECT_EQ(figure.count(), 5U);
  EXPECT_NEAR(figure.mean, 93.88, 1e-12);
  EXPECT_NEAR(*figure.standard_deviation, 0.506951674225463, 1e-12);
  // 2.7764451051977987 = qt(0.975, 4)
  const double half_width = 2.7764451051977987 * 0.506951674225463 / std::sqrt(5.0);
  EXPECT_NEAR(figure.interval->low, 93.88 - half_width, 1e-10);
  EXPECT_NEAR(figure.interval->high, 93.88 + half_width, 1e-10);
  EXPECT_EQ(figure.best, 94.4);
}

TEST(Statistics, OfOneOrEqualOrNoValues) {
  const Statistics one = statistics({5.0});
  EXPECT_EQ(one.mean, 5.0);
  EXPECT_EQ(one.standard_deviation, std::nullopt);
  EXPECT_FALSE(one.interval.has_value());
  EXPECT_EQ(statistics({2.0, 2.0, 2.0}).standard_deviation, 0.0);
  EXPECT_EQ(statistics({}).count(), 0U);
}

TEST(Statistics, AnIntervalOfPercentagesStaysWithinThem) {
  const Metric percent{.name = "accuracy", .unit = "%"};
  const Statistics wide = statistics({81.97, 93.39}, percent);
  EXPECT_EQ(wide.interval->high, 100.0);
  EXPECT_NEAR(wide.interval->low, statistics({81.97, 93.39}).interval->low, 1e-12);
  EXPECT_EQ(statistics({1.0, 9.0}, percent).interval->low, 0.0);
  // What has no bounds, such as a change in percent, is left alone.
  EXPECT_LT(statistics({-1.0, 9.0}, percent).interval->low, 0.0);
  EXPECT_GT(statistics({81.97, 93.39}, Metric{.name = "latency", .unit = "ms"}).interval->high, 100.0);
}

TEST(Statistics, OfValuesThatFillADouble) {
  constexpr double most = std::numeric_limits<double>::max();
  const Statistics same = statistics({most, most});
  EXPECT_EQ(same.mean, most);
  const Statistics apart = statistics({most, -most, most});
  EXPECT_NEAR(apart.mean / most, 1.0 / 3.0, 1e-12);
  EXPECT_EQ(apart.standard_deviation, std::nullopt);
  EXPECT_FALSE(apart.interval.has_value());
}

TEST(WilsonInterval, OfKnownCounts) {
  // R: binom::binom.wilson(x, n)
  const Interval most = wilson_interval(80.0, 10);
  EXPECT_NEAR(most.low, 49.01625, 1e-4);
  EXPECT_NEAR(most.high, 94.33178, 1e-4);
  const Interval all = wilson_interval(100.0, 100);
  EXPECT_NEAR(all.low, 96.30065, 1e-4);
  EXPECT_EQ(all.high, 100.0);
  EXPECT_EQ(wilson_interval(0.0, 5).low, 0.0);
  EXPECT_GT(wilson_interval(0.0, 5).high, 0.0);
}

const ResultMetrics kAccuracies = {.objectives = {{.name = "validation_accuracy", .unit = "%"}},
                                   .report = Metric{.name = "test_accuracy", .unit = "%"}};

SummaryRow row_of(const std::string& label, const std::vector<double>& tests) {
  SummaryRow row{.label = label,
                 .results = {},
                 .values = {statistics(tests)},
                 .report = statistics(tests),
                 .trained = {},
                 .regret = {},
                 .front_size = {},
                 .hypervolume = {},
                 .paper = {}};
  for (const double test : tests)
    row.results.push_back(
        {.seed = row.results.size(), .architecture = "a", .values = {test}, .report = test, .trials = 1});
  return row;
}

TEST(Render, SaysHonestlyWhereThePublishedMeanLies) {
  SummaryRow inside = row_of("inside", {94.0, 94.2});
  inside.paper = PaperResult{.mean = 94.17, .standard_deviation = 0.19};
  SummaryRow below = row_of("below", {94.0, 94.02, 94.04});
  below.paper = PaperResult{.mean = 93.0, .standard_deviation = 0.1};
  SummaryRow above = row_of("above", {94.0, 94.02, 94.04});
  above.paper = PaperResult{.mean = 95.0, .standard_deviation = 0.1};
  const std::string text = render({.title = "space · data",
                                   .metrics = kAccuracies,
                                   .rows = {inside, below, above},
                                   .best_report = 94.3733,
                                   .paper_source = "Some paper, Table 1"});
  EXPECT_THAT(text,
              AllOf(HasSubstr("space · data"), HasSubstr("inside: the published mean 94.17 lies within"),
                    HasSubstr("below: the published mean 93.00 lies outside"), HasSubstr(" below it"),
                    HasSubstr("above: the published mean 95.00 lies outside"), HasSubstr(" above it"),
                    HasSubstr("94.17 ± 0.19"), HasSubstr("Some paper, Table 1"), HasSubstr("94.37"),
                    HasSubstr("by validation accuracy alone")));
}

TEST(Render, SaysWhereASearchSelectsByWhatIsReported) {
  const ResultMetrics test_alone = {.objectives = {*kAccuracies.report}, .report = kAccuracies.report};
  const auto text_of = [&](const ResultMetrics& metrics, double value) {
    SummaryRow row = row_of("a", {93.0});
    row.results.front().values = {value};
    return render({.title = "t", .metrics = metrics, .rows = {row}, .best_report = {}, .paper_source = ""});
  };
  const std::string itself = text_of(test_alone, 93.0);
  EXPECT_THAT(itself,
              AllOf(HasSubstr("Each search selects its architecture by the reported test accuracy itself."),
                    Not(HasSubstr("no search sees"))));
  EXPECT_EQ(itself.find("test %"), itself.rfind("test %")) << "one column";
  SummaryRow one_shot = row_of("a", {93.0});
  one_shot.results.front().trials = 0;
  EXPECT_THAT(
      render(
          {.title = "t", .metrics = test_alone, .rows = {one_shot}, .best_report = {}, .paper_source = ""}),
      HasSubstr("No search sees test accuracy."));
  // The test accuracy of another dataset has the same name.
  EXPECT_THAT(text_of(test_alone, 92.0),
              AllOf(HasSubstr("by test accuracy alone.\n"), Not(HasSubstr("no search sees"))));
}

TEST(Render, GivesABareNumberFourDigits) {
  const Metric similarity = {.name = "normal_ssim"};
  SummaryRow row = row_of("a", {0.5872, 0.5874});
  row.regret = 0.0013;
  EXPECT_THAT(render({.title = "t",
                      .metrics = {.objectives = {similarity}, .report = similarity},
                      .rows = {row},
                      .best_report = 0.5886,
                      .paper_source = ""}),
              AllOf(HasSubstr("0.5873 ± 0.0001"), HasSubstr("0.0013"),
                    HasSubstr("the best normal ssim of the whole space, 0.5886.")));
}

TEST(Render, AlignsItsColumns) {
  const std::string text = render({.title = "t",
                                   .metrics = kAccuracies,
                                   .rows = {row_of("a", {1.0, 2.0}), row_of("much_longer", {10.0, 20.0})},
                                   .best_report = {},
                                   .paper_source = ""});
  EXPECT_THAT(text, Not(HasSubstr("paper")));
  std::istringstream stream(text);
  std::vector<std::size_t> columns;
  for (std::string line; std::getline(stream, line);) {
    for (const char* second : {"optimizer", "a  ", "much_longer"}) {
      if (line.starts_with(second)) columns.push_back(line.find_first_not_of(' ', line.find(' ')));
    }
  }
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0], columns[1]);
  EXPECT_EQ(columns[0], columns[2]);
}

TEST(Render, OneSeedHasNoInterval) {
  SummaryRow row = row_of("one", {94.0});
  row.paper = PaperResult{.mean = 94.17, .standard_deviation = 0.19};
  const std::string text =
      render({.title = "t", .metrics = kAccuracies, .rows = {row}, .best_report = {}, .paper_source = ""});
  EXPECT_THAT(text, AllOf(Not(HasSubstr("lies")), Not(HasSubstr("["))));
}

TEST(Render, ValuesStandBesideAnIntervalOfFewerThanFive) {
  const auto text_of = [](const std::vector<double>& tests) {
    return render({.title = "t",
                   .metrics = kAccuracies,
                   .rows = {row_of("few", tests)},
                   .best_report = {},
                   .paper_source = ""});
  };
  EXPECT_THAT(text_of({94.0, 94.02, 94.04}), HasSubstr("[93.970, 94.070] of 94.00, 94.02, 94.04"));
  EXPECT_THAT(text_of({94.0, 94.02, 94.04, 94.01, 94.03}), Not(HasSubstr("] of")));
}

TEST(Render, SaysWhatTheSearchesSelectBy) {
  const auto text_of = [](std::initializer_list<std::uint64_t> trials_of_rows) {
    Summary summary;
    summary.metrics = kAccuracies;
    for (const std::uint64_t trials : trials_of_rows) {
      SummaryRow& row = summary.rows.emplace_back(row_of("one", {94.0}));
      for (SeedResult& result : row.results) result.trials = trials;
    }
    return render(summary);
  };
  EXPECT_THAT(text_of({20, 20}),
              HasSubstr("\nEach search selects its architecture by validation accuracy alone; no search sees "
                        "test accuracy.\n"));
  EXPECT_THAT(text_of({20, 0}), HasSubstr("\nEach search that makes trials selects its architecture by "
                                          "validation accuracy alone; no search sees test accuracy.\n"));
  EXPECT_THAT(text_of({0}), AllOf(HasSubstr("\nNo search sees test accuracy.\n"), Not(HasSubstr("selects"))));
}

/// What stands below the table of one search that found `a`, with this much of the largest entropy.
std::string found_with(std::optional<double> undecided,
                       const std::vector<TrainedArchitecture>& trained = {}) {
  SummaryRow row = row_of("gdas", {94.0});
  row.results.front().undecided = undecided;
  row.results.front().trained = trained;
  row.found = FoundArchitecture{.seed = 0, .architecture = "|a b/c|", .parameters = 1073466};
  return render({.title = "t", .metrics = kAccuracies, .rows = {row}, .best_report = {}, .paper_source = ""},
                60);
}

TEST(Render, SaysWhatWasFound) {
  EXPECT_THAT(found_with({}),
              AllOf(HasSubstr("gdas found, with seed 0:\n  |a b/c|\n  1,073,466 parameters\n"),
                    Not(HasSubstr("entropy"))));
}

TEST(Render, WarnsOfASearchThatHasNotDecided) {
  EXPECT_THAT(found_with(0.4), AllOf(HasSubstr("40 % of the entropy"), Not(HasSubstr("Undecided"))));
  EXPECT_THAT(found_with(0.97), HasSubstr("Undecided: its strengths have 97 %"));
}

TEST(Render, GivesATestAccuracyItsInterval) {
  const TrainedArchitecture trained{
      .seed = 3, .architecture = "a", .result = {.test = 93.1, .test_images = 10000, .validation = {}}};
  EXPECT_THAT(found_with({}, {trained}),
              HasSubstr("trained with seed 3: test 93.10 % of 10,000 images, 95 %\ninterval [92.59, 93.58]"));
}

TEST(Render, FitsANarrowTerminalAndKeepsArchitecturesWhole) {
  SummaryRow row = row_of("regularized_evolution", {94.0, 94.02, 94.04, 94.01, 94.03});
  const std::string architecture = "|" + std::string(100, 'a') + "|";
  row.found = FoundArchitecture{.seed = 0, .architecture = architecture, .parameters = 5};
  const std::string text = render(
      {.title = "t", .metrics = kAccuracies, .rows = {row}, .best_report = 94.37, .paper_source = ""}, 60);
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    EXPECT_TRUE(text_width(line) <= 60 || line == "  " + architecture) << line;
  EXPECT_THAT(text, HasSubstr("\n  " + architecture + "\n"));
}

TEST(Render, LeavesColumnsOutThatNoRowHas) {
  const auto text_of = [](std::optional<double> regret) {
    SummaryRow row = row_of("one", {94.0});
    row.regret = regret;
    return render(
        {.title = "t", .metrics = kAccuracies, .rows = {row}, .best_report = {}, .paper_source = ""});
  };
  EXPECT_THAT(text_of({}), AllOf(Not(HasSubstr("regret")), Not(HasSubstr("interval  ")), HasSubstr("best")));
  EXPECT_THAT(text_of(0.5), HasSubstr("regret"));
}

class SummaryFiles : public RunTest {
 protected:
  void SetUp() override {
    summary_ = run_quietly(
        config_text("0..4") + "paper_results: {figures: {local_search: {mean: 94.0, std: 0.1}}}\n", root_);
  }
  Summary summary_;
};

TEST_F(SummaryFiles, HoldTheFiguresOfTheResults) {
  EXPECT_EQ(summary_.title, "nasbench201 · cifar10");
  EXPECT_NEAR(*summary_.best_report, 94.3733, 1e-3);
  const auto json = nlohmann::json::parse(read_text(root_ / "summary.json"));
  const auto csv = table_of(read_text(root_ / "summary.csv"));
  ASSERT_EQ(csv.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) {
    const SummaryRow& row = summary_.rows[i];
    std::vector<double> tests;
    for (const std::uint64_t seed : {0, 1, 2, 3, 4}) {
      const fs::path file = root_ / row.label / ("seed_" + std::to_string(seed)) / "result.json";
      tests.push_back(nlohmann::json::parse(read_text(file)).at("report").at("test_accuracy"));
    }
    const Statistics expected = statistics(tests);
    EXPECT_EQ(row.report->mean, expected.mean);
    EXPECT_EQ(row.report->interval->high, expected.interval->high);
    EXPECT_DOUBLE_EQ(*row.regret, *summary_.best_report - expected.mean);
    const auto& object = json.at("optimizers").at(i);
    EXPECT_EQ(object.at("label"), row.label);
    EXPECT_EQ(object.at("seeds"), 5);
    EXPECT_EQ(object.at("report").at("mean"), expected.mean);
    EXPECT_EQ(object.at("report").at("standard_deviation"), *expected.standard_deviation);
    EXPECT_EQ(object.at("report").at("best"), *std::max_element(tests.begin(), tests.end()));
    EXPECT_EQ(object.at("results").size(), 5U);
    EXPECT_EQ(object.at("paper").is_null(), row.label != "local_search");
    EXPECT_EQ(csv[i + 1].size(), csv[0].size());
    EXPECT_EQ(csv[i + 1][0], row.label);
    EXPECT_EQ(std::stod(csv[i + 1][7]), expected.mean);
  }
}

TEST_F(SummaryFiles, TheAnytimeCurveEndsInTheResult) {
  const auto rows = table_of(read_text(root_ / "anytime.csv"));
  EXPECT_EQ(rows.front(), (std::vector<std::string>{"label", "axis", "x", "objective_mean", "objective_std",
                                                    "report_mean", "report_std"}));
  for (const SummaryRow& row : summary_.rows) {
    for (const char* axis : {"trials", "seconds"}) {
      std::vector<std::vector<std::string>> curve;
      std::copy_if(rows.begin(), rows.end(), std::back_inserter(curve),
                   [&](const auto& cells) { return cells[0] == row.label && cells[1] == axis; });
      ASSERT_GE(curve.size(), 3U);
      for (std::size_t i = 1; i < curve.size(); ++i) {
        EXPECT_GT(std::stod(curve[i][2]), std::stod(curve[i - 1][2]));
        EXPECT_GE(std::stod(curve[i][3]), std::stod(curve[i - 1][3]));
      }
      EXPECT_EQ(std::stod(curve.back()[3]), row.values.front().mean);
      EXPECT_EQ(std::stod(curve.back()[4]), row.values.front().standard_deviation);
      EXPECT_EQ(std::stod(curve.back()[5]), row.report->mean);
    }
  }
}

TEST_F(SummaryFiles, TheAnytimeCurveIsTheMeanOfTheBestSoFar) {
  const auto rows = table_of(read_text(root_ / "anytime.csv"));
  const auto row = std::find_if(rows.begin(), rows.end(), [](const auto& cells) {
    return cells[0] == "random_search" && cells[1] == "trials" && cells[2] == "20";
  });
  ASSERT_NE(row, rows.end());
  std::vector<double> best;
  for (int seed = 0; seed < 5; ++seed) {
    std::ifstream events(root_ / "random_search" / ("seed_" + std::to_string(seed)) / "events.jsonl");
    double value = 0.0;
    std::string line;
    for (int i = 0; i < 20 && std::getline(events, line); ++i) {
      value = std::max(value, nlohmann::json::parse(line).at("values").at(0).get<double>());
    }
    best.push_back(value);
  }
  EXPECT_EQ(std::stod((*row)[3]), statistics(best).mean);
  EXPECT_EQ(std::stod((*row)[4]), statistics(best).standard_deviation);
}

}  // namespace
}  // namespace espalier::host::testing
