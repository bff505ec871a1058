#include <gtest/gtest-spi.h>

#include "contract/judged.h"
#include "espalier/contract/benchmark.h"
#include "espalier/contract/dataset.h"
#include "espalier/contract/optimizer.h"
#include "espalier/contract/search_space.h"
#include "espalier/contract/trainer.h"

namespace espalier::testing {
namespace {

using namespace contract;  // NOLINT(google-build-using-namespace): what is tested

const std::vector<std::filesystem::path> kFixtures = {std::string(paths::fixture_plugins) + "/contract"};

std::string breaking(const std::string& rule) { return "{breaks: " + (rule.empty() ? "''" : rule) + "}"; }

std::vector<Rule> of_optimizer(const std::string& broken) {
  return optimizer_rules("broken", {.plugin_path = kFixtures, .options = breaking(broken), .trials = 24});
}
std::vector<Rule> of_space(const std::string& broken) {
  return search_space_rules("broken", {.plugin_path = kFixtures, .options = breaking(broken)});
}
std::vector<Rule> of_benchmark(const std::string& broken) {
  return benchmark_rules("broken", {.plugin_path = kFixtures, .options = breaking(broken)});
}
std::vector<Rule> of_dataset(const std::string& broken) {
  const std::string without = "{folder: nowhere" + (broken.empty() ? "" : ", breaks: " + broken) + "}";
  return dataset_rules("broken",
                       {.plugin_path = kFixtures, .options = breaking(broken), .without_files = without});
}
std::vector<Rule> of_trainer(const std::string& broken) {
  return trainer_rules("broken", {.plugin_path = kFixtures,
                                  .options = breaking(broken),
                                  .training = TrainingOf{.space = {"broken"}, .dataset = {"broken"}}});
}

TEST(BrokenPlugins, EachRuleOfOptimizersFindsItsFixture) {
  expect_each_rule_finds_its_fixture(of_optimizer,
                                     {{"IsMadeByName", kMuchElse},
                                      {"AdaptsToEverySpace", kMuchElse},
                                      {"ProposesValidArchitectures", {"ReturnsFromEveryAsk"}},
                                      {"DependsOnTheSeedAlone", {"SearchesSideBySide", "ResumesAnywhere"}},
                                      {"AllowsPendingAsks", {"TakesTellsInAnyOrder", "ResumesAnywhere"}}});
}

TEST(BrokenPlugins, EachRuleOfSearchSpacesFindsItsFixture) {
  expect_each_rule_finds_its_fixture(of_space,
                                     {{"IsMadeByName", kMuchElse},
                                      {"SamplesAreValid", kMuchElse},
                                      {"DrawsDependOnTheSeedAlone", {"AnswersThreadsAlike"}},
                                      {"NeighboursAreValid", {"NeighboursDifferInOneDecision"}},
                                      {"NeighboursAreSymmetric", {"NeighboursDifferInOneDecision"}}});
}

TEST(BrokenPlugins, EachRuleOfBenchmarksFindsItsFixture) {
  expect_each_rule_finds_its_fixture(of_benchmark, {{"IsMadeByName", kMuchElse},
                                                    {"AdaptsToItsSpace", kMuchElse},
                                                    {"CostsNoNegativeTime", kMuchElse},
                                                    {"AnswersAlike", kMuchElse}});
}

TEST(BrokenPlugins, EachRuleOfDatasetsFindsItsFixture) {
  expect_each_rule_finds_its_fixture(of_dataset, {{"IsMadeByName", kMuchElse},
                                                  {"ReadsBothSplits", kMuchElse},
                                                  {"ReadsTheSameAgain", {"ReadsInSeveralThreads"}}});
}

TEST(BrokenPlugins, EachRuleOfTrainersFindsItsFixture) {
  expect_each_rule_finds_its_fixture(
      of_trainer, {{"IsMadeByName", kMuchElse},
                   {"RunsToTheEnd", kMuchElse},
                   {"DependsOnTheSeedAlone", {"ResumesFromEveryCheckpoint", "StopsWhenAsked"}},
                   {"ResumesFromEveryCheckpoint", {"StopsWhenAsked"}},
                   {"ReportsWhatTheOptimizerFound", {"ReportsWhatTheBenchmarkSays"}}});
}

TEST(ContractTests, AreAllDocumented) {
  for (const auto& rules : {of_optimizer(""), of_space(""), of_benchmark(""), of_dataset(""), of_trainer("")})
    expect_documented(rules);
}

/// What GoogleTest is told when a rule's test runs.
::testing::TestPartResult result_of(const Rule& rule) {
  RuleTest test(rule, "my_test.cc", 7);
  ::testing::TestPartResultArray results;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    test.TestBody();
  }
  if (results.size() != 1) return {::testing::TestPartResult::kSuccess, "", 0, ""};
  return results.GetTestPartResult(0);
}

TEST(ContractTests, ABrokenRuleFailsWhereThePluginWasNamed) {
  for (const Rule& rule : of_optimizer("KeepsTheBest")) {
    if (rule.name != "KeepsTheBest") continue;
    const auto result = result_of(rule);
    EXPECT_TRUE(result.nonfatally_failed());
    EXPECT_STREQ(result.file_name(), "my_test.cc");
    EXPECT_EQ(result.line_number(), 7);
    EXPECT_THAT(result.message(), ::testing::HasSubstr("the final architecture after"));
  }
}

TEST(ContractTests, ARuleThatSaysNothingOfAPluginIsSkipped) {
  const Rule rule = {.name = "Rule", .promise = {}, .consequence = {}, .remedy = {}, .check = [] {
                       throw NotApplicable("there is nothing to look at");
                     }};
  const auto result = result_of(rule);
  EXPECT_TRUE(result.skipped());
  EXPECT_THAT(result.message(), ::testing::HasSubstr("nothing to look at"));
}

TEST(ContractTests, WhateverAPluginThrowsIsAVerdict) {
  const auto message_of = [](std::function<void()> check) {
    return judge({.name = "Rule", .promise = {}, .consequence = {}, .remedy = {}, .check = std::move(check)})
        .message;
  };
  EXPECT_THAT(message_of([] { throw std::out_of_range("far away"); }), ::testing::HasSubstr("far away"));
  EXPECT_THAT(message_of([] { throw 7; }), ::testing::HasSubstr("something other than a std::exception"));
  EXPECT_EQ(message_of([] {}), "");
}

TEST(ContractTests, APluginOfAnotherKindIsAVerdict) {
  for (const Rule& rule : optimizer_rules("no_such_optimizer", {})) {
    const Verdict verdict = judge(rule);
    EXPECT_EQ(verdict.kind, Verdict::Kind::broken) << rule.name;
    EXPECT_THAT(verdict.message, ::testing::HasSubstr("no optimizer named 'no_such_optimizer'"));
    break;
  }
}

}  // namespace
}  // namespace espalier::testing
