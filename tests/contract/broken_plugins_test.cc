#include <gtest/gtest-spi.h>

#include "contract/judged.h"
#include "espalier/contract/benchmark.h"
#include "espalier/contract/dataset.h"
#include "espalier/contract/optimizer.h"
#include "espalier/contract/predictor.h"
#include "espalier/contract/search_space.h"
#include "espalier/contract/trainer.h"

namespace espalier::testing {
namespace {

using namespace contract;  // NOLINT(google-build-using-namespace): what is tested

const std::vector<std::filesystem::path> kFixtures = {std::string(paths::fixture_plugins) + "/contract"};

const std::set<std::string> kNone;

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

std::vector<Rule> of_predictor(const std::string& broken) {
  return predictor_rules("broken", {.plugin_path = kFixtures, .options = breaking(broken)});
}

TEST(BrokenPlugins, EachRuleOfOptimizersFindsItsFixture) {
  expect_each_rule_finds_its_fixture(
      of_optimizer,
      {{"IsMadeByName", kMuchElse},
       {"AdaptsToEverySpace", kMuchElse},
       {"ProposesValidArchitectures", {"ReturnsFromEveryAsk"}},
       {"DependsOnTheSeedAlone", {"SearchesSideBySide", "ResumesAnywhere", "PassesOnWhatItSaves"}},
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

/// The rules that a case of the fixture `loose` breaks.
std::set<std::string> broken_by(SearchSpaceCase how) {
  how.plugin_path = kFixtures;
  std::set<std::string> broken;
  for (const Rule& rule : search_space_rules("loose", how))
    if (judge(rule).kind == Verdict::Kind::broken) broken.insert(rule.name);
  return broken;
}

TEST(LooseSpaces, MutantsJumpIfTheCaseDeclaresIt) {
  const std::set<std::string> refused = {"MutantsAreNeighbours"};
  EXPECT_EQ(broken_by({.options = "{jumps: true}"}), refused);
  EXPECT_EQ(broken_by({.options = "{jumps: true}", .mutants_jump = true}), kNone);
  // The fixture of the rule returns the parent each time.
  const SearchSpaceCase still = {
      .plugin_path = kFixtures, .options = breaking("MutantsAreNeighbours"), .mutants_jump = true};
  for (const Rule& rule : search_space_rules("broken", still))
    EXPECT_EQ(judge(rule).kind == Verdict::Kind::broken, rule.name == "MutantsAreNeighbours") << rule.name;
}

TEST(LooseSpaces, NetworksAreEqualIfTheCaseDeclaresIt) {
  const std::set<std::string> refused = {"DifferentArchitecturesHaveDifferentNetworks"};
  EXPECT_EQ(broken_by({.options = "{equal: true}"}), refused);
  EXPECT_EQ(broken_by({.options = "{equal: true}", .equal_networks = true}), kNone);
  // The fixture of the rule has one network for all architectures.
  const SearchSpaceCase one = {.plugin_path = kFixtures,
                               .options = breaking("DifferentArchitecturesHaveDifferentNetworks"),
                               .equal_networks = true};
  for (const Rule& rule : search_space_rules("broken", one))
    EXPECT_EQ(judge(rule).kind == Verdict::Kind::broken, refused.contains(rule.name)) << rule.name;
}

TEST(LooseSpaces, EqualNetworksShareAStringIfTheCaseDeclaresIt) {
  const std::string shared = "{equal: true, strings: shared}";
  EXPECT_THAT(broken_by({.options = shared}), ::testing::Contains("StringsReadBack"));
  EXPECT_EQ(broken_by({.options = shared, .equal_networks = true}), kNone);
  const std::set<std::string> refused = {"StringsReadBack"};
  EXPECT_EQ(broken_by({.options = "{strings: shared}", .equal_networks = true}), refused);
  EXPECT_EQ(broken_by({.options = "{equal: true, strings: by_first}", .equal_networks = true}), refused);
}

TEST(LooseSpaces, ADeclarationThatIsNotNeededChangesNothing) {
  EXPECT_EQ(broken_by({}), kNone);
  EXPECT_EQ(broken_by({.mutants_jump = true, .equal_networks = true}), kNone);
}

TEST(BrokenPlugins, EachRuleOfPredictorsFindsItsFixture) {
  expect_each_rule_finds_its_fixture(of_predictor, {{"IsMadeByName", kMuchElse},
                                                    {"DependsOnItsFitAlone", {"ForgetsEarlierFits"}},
                                                    {"PredictsAlike", kMuchElse}});
}

TEST(ContractTests, AreAllDocumented) {
  for (const auto& rules :
       {of_optimizer(""), of_space(""), of_benchmark(""), of_dataset(""), of_trainer(""), of_predictor("")})
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
