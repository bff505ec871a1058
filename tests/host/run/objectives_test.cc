#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "host/run/run_fixture.h"

namespace espalier::host {
namespace {

using ::testing::AllOf;
using testing::files_of;
using ::testing::HasSubstr;
using testing::message_of;
using testing::read_text;
using testing::run_quietly;
using json = nlohmann::json;

std::string config(const std::string& more, const std::string& optimizer = "random_search",
                   const std::string& benchmark = "nasbench201") {
  return "search_space: nasbench201\noptimizer: " + optimizer + "\nbenchmark: " + benchmark +
         "\ntrainer: {name: discrete, trials: 40}\nseeds: 0..1\n" + more + "\n";
}

class ObjectivesTest : public testing::RunTest {
 protected:
  json result(const std::string& label = "random_search") const {
    return json::parse(read_text(root_ / "run" / label / "seed_0" / "result.json"));
  }
  /// What `espalier run` is refused with, before anything is written.
  std::string refusal(const std::string& text) {
    std::string message = message_of<UsageError>([&] { run_quietly(text, root_ / "refused"); });
    EXPECT_FALSE(testing::fs::exists(root_ / "refused"));
    return message;
  }
};

TEST_F(ObjectivesTest, AMetricWithAUnitOfItsOwnIsNoPercentage) {
  const Summary summary = run_quietly(config("objectives: raspi4_latency"), root_ / "run");
  EXPECT_THAT(render(summary), AllOf(HasSubstr("raspi4 latency ms"), HasSubstr("test %"),
                                     HasSubstr("by raspi4 latency alone")));
  const json found = result();
  double lowest = 1e9;
  std::istringstream events(read_text(root_ / "run/random_search/seed_0/events.jsonl"));
  for (std::string line; std::getline(events, line);)
    lowest = std::min(lowest, json::parse(line).at("values").at(0).get<double>());
  EXPECT_EQ(found.at("values").at("raspi4_latency"), lowest) << "the fastest is the best";
}

std::string nasbench101(const std::string& options) {
  return "search_space: nasbench101\noptimizer: random_search\nbenchmark: {name: nasbench101" + options +
         "}\ntrainer: {name: discrete, trials: 40}\nseeds: 0..1\n";
}

TEST_F(ObjectivesTest, ASummarySaysThatSearchesSawTestAccuracy) {
  const std::string text = render(run_quietly(nasbench101(""), root_ / "run"));
  EXPECT_THAT(text, AllOf(HasSubstr("by the reported test accuracy itself"),
                          HasSubstr("a search sees the test accuracy that is reported"),
                          ::testing::Not(HasSubstr("no search sees"))));
}

TEST_F(ObjectivesTest, ASearchByWhatIsReportedSaysSo) {
  const Summary summary = run_quietly(
      "search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n"
      "trainer: {name: discrete, trials: 5}\nobjectives: [test_accuracy]\nseed: 0\n",
      root_ / "run");
  EXPECT_THAT(
      summary.remarks,
      ::testing::Contains(HasSubstr("for a fair comparison write objectives: [validation_accuracy]")));
}

TEST_F(ObjectivesTest, ASubsetOfATableIsSearchedWithoutTestAccuracy) {
  const Summary summary = run_quietly(nasbench101(", subset: validated"), root_ / "run");
  EXPECT_THAT(render(summary), AllOf(HasSubstr("refused %"), HasSubstr("no search sees test accuracy"),
                                     HasSubstr("validation accuracy alone")));
  EXPECT_THAT(summary.remarks, ::testing::IsEmpty());
  EXPECT_GT(result().at("values").at("validation_accuracy").get<double>(), 92.0);
  EXPECT_GT(result().at("seconds").get<double>(), 40 * 200.0);
}

TEST_F(ObjectivesTest, TheSpaceAnswersForItsCounts) {
  run_quietly(config("objectives: multiply_adds"), root_ / "run");
  EXPECT_GE(result().at("values").at("multiply_adds").get<double>(), 7.0e6);
  EXPECT_EQ(result().at("seconds"), 0.0) << "counting costs no training";

  run_quietly(config("objectives: activation_bytes\nconstraints: {activation_bytes: {min: 300e3}}"),
              root_ / "peak");
  const json peak = json::parse(read_text(root_ / "peak/random_search/seed_0/result.json"));
  EXPECT_GE(peak.at("values").at("activation_bytes").get<double>(), 300e3);
}

TEST_F(ObjectivesTest, SeveralWriteAFront) {
  const Summary summary = run_quietly(config("objectives: [{metric: validation_accuracy, reference: 0}, "
                                             "{metric: raspi4_latency, reference: 30}]"),
                                      root_ / "run");
  const json front = result().at("front");
  ASSERT_GT(front.size(), 1U);
  for (const json& a : front)
    for (const json& b : front) {
      const auto value = [](const json& point, const char* metric) {
        return point.at("values").at(metric).get<double>();
      };
      EXPECT_FALSE(value(a, "validation_accuracy") > value(b, "validation_accuracy") &&
                   value(a, "raspi4_latency") <= value(b, "raspi4_latency"));
    }
  const std::string csv = read_text(root_ / "run/random_search/seed_0/front.csv");
  EXPECT_THAT(
      csv, ::testing::StartsWith("architecture,validation_accuracy,raspi4_latency,report_test_accuracy\n"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), static_cast<long>(front.size()) + 1);
  EXPECT_THAT(summary.reference, ::testing::ElementsAre(0.0, 30.0));
  EXPECT_GT(summary.rows.front().hypervolume->mean, 0.0);
  EXPECT_THAT(render(summary), AllOf(HasSubstr("hypervolume"), HasSubstr("raspi4 latency ms 30.00")));
  run_quietly(read_text(root_ / "run/config.yaml"), root_ / "again");
  EXPECT_EQ(files_of(root_ / "run"), files_of(root_ / "again"));
}

TEST_F(ObjectivesTest, ConstraintsHoldForEveryOptimizer) {
  const std::string all = "[random_search, local_search, {name: regularized_evolution, population_size: 10}]";
  const Summary summary =
      run_quietly(config("constraints: {parameters: 0.5e6, raspi4_latency: {max: 20}}", all), root_ / "run");
  for (const SummaryRow& row : summary.rows) {
    EXPECT_GT(row.refused, 0.0) << row.label;
    EXPECT_EQ(result(row.label).at("trials"), 40);
  }
  EXPECT_THAT(render(summary), HasSubstr("refused %"));
  run_quietly(read_text(root_ / "run/config.yaml"), root_ / "again", 2);
  EXPECT_EQ(files_of(root_ / "run"), files_of(root_ / "again"));
}

TEST_F(ObjectivesTest, WhatNothingKeepsEndsWithAnError) {
  EXPECT_THAT(message_of<Error>([&] { run_quietly(config("constraints: {parameters: 1}"), root_ / "run"); }),
              AllOf(HasSubstr("refused 1000 proposals"),
                    HasSubstr("in a row: parameters at most 1, and the nearest that was refused has"),
                    HasSubstr("loosen the constraints")));
}

TEST_F(ObjectivesTest, AReportBenchmarkJudgesWhatNoOptimizerSees) {
  const Summary summary = run_quietly(
      config("report: {name: nasbench201, dataset: cifar100}\nobjectives: parameters"), root_ / "run");
  EXPECT_LE(result().at("report").at("test_accuracy"), 73.52) << "CIFAR-100";
  EXPECT_NEAR(*summary.best_report, 73.51, 0.01);
}

TEST_F(ObjectivesTest, TheFirstOfSeveralBenchmarksThatKnowsAMetricAnswers) {
  run_quietly(
      config("objectives: [validation_accuracy]", "random_search",
             "[{name: nasbench201, dataset: cifar100, label: c100}, {name: nasbench201, dataset: cifar10}]"),
      root_ / "run");
  EXPECT_LT(result().at("values").at("validation_accuracy"), 74.0) << "CIFAR-100";
}

TEST_F(ObjectivesTest, MistakesAreRefusedWithTheirPlace) {
  EXPECT_THAT(refusal(config("objectives: [validation_acuracy]")),
              AllOf(HasSubstr("validation_acuracy"), HasSubstr("test.yaml:6:"), HasSubstr("nearest")));
  EXPECT_THAT(refusal(config("objectives: [raspi4_latency, raspi4_latency]")),
              AllOf(HasSubstr("named twice"), HasSubstr("test.yaml:6:")));
  EXPECT_THAT(refusal(config("constraints: {weight: 3}")),
              AllOf(HasSubstr("\"weight\""), HasSubstr("test.yaml:6:")));
  EXPECT_THAT(refusal(config("constraints: {parameters: {min: 3, max: 2}}")), HasSubstr("above max"));
  EXPECT_THAT(refusal(config("constraints: {parameters: {least: 3}}")), HasSubstr("\"least\""));
  EXPECT_THAT(refusal(config("constraints: {parameters: many}")), HasSubstr("constraints.parameters"));
  EXPECT_THAT(refusal(config("constraints: {parameters: {}}")), HasSubstr("no bound"));
  EXPECT_THAT(refusal(config("constraints: [parameters]")), HasSubstr("not a map"));
  EXPECT_THAT(refusal(config("constraints: {two words: 3}")),
              AllOf(HasSubstr("\"two words\" is not the name of a metric"), HasSubstr("test.yaml:6:")));
  EXPECT_THAT(refusal(config("constraints: {label: 3}")), HasSubstr("\"label\" is not the name of a metric"));
  EXPECT_THAT(refusal(config("constraints: {'': 3}")), HasSubstr("is not the name of a metric"));
  EXPECT_THAT(refusal(config("objectives: []")), HasSubstr("empty"));
  EXPECT_THAT(refusal(config("objectives: [{metric: parameters, ref: 3}]")), HasSubstr("\"ref\""));
  EXPECT_THAT(refusal(config("objectives: [{reference: 3}]")), HasSubstr("\"metric\" is missing"));
  EXPECT_THAT(refusal(config("objectives: [parameters, raspi4_latency]", "local_search")),
              AllOf(HasSubstr("\"local_search\" searches for one objective, and there are 2")));
  EXPECT_THAT(refusal(config("", "random_search", "[]")), HasSubstr("list of benchmarks is empty"));
  EXPECT_THAT(refusal(config("", "random_search", "[nasbench201, nasbench201]")),
              HasSubstr("two benchmarks have the label"));
  EXPECT_THAT(refusal(config("", "random_search", "{name: nasbench201, label: .hidden}")),
              HasSubstr("\".hidden\" cannot be a label"));
}

TEST_F(ObjectivesTest, AReportBenchmarkOfAnotherSpaceIsRefused) {
  std::string text = config("report: nasbench201", "random_search", "[]");
  text.replace(text.find("benchmark: []\n"), 14, "");
  text.replace(text.find("nasbench201"), 11, "darts");
  text += "objectives: parameters\n";
  EXPECT_THAT(refusal(text), HasSubstr("does not know the search space \"darts\""));
}

}  // namespace
}  // namespace espalier::host
