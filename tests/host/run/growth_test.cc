#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "espalier/errors/errors.h"
#include "espalier/host/run/resume.h"
#include "host/run/run_fixture.h"
#include "paths.h"

// A run that is made larger equals a fresh one of its final config, and what is finished is not done again.
namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string growing_config(const std::string& seeds, int trials, const std::string& more_options = "",
                           const std::string& optimizers = "random_search, local_search") {
  return "search_space: nasbench201\noptimizer: [" + optimizers +
         "]\nbenchmark: nasbench201\ntrainer: {name: discrete, trials: " + std::to_string(trials) +
         more_options + "}\nseeds: " + seeds + "\n";
}

class GrowthTest : public RunTest {
 protected:
  void expect_grown_equals_fresh(const std::string& small, const std::string& large) {
    SCOPED_TRACE(large);
    for (const char* run : {"grown", "fresh"}) fs::remove_all(root_ / run);
    run_quietly(small, root_ / "grown");
    run_quietly(large, root_ / "grown");
    run_quietly(large, root_ / "fresh");
    EXPECT_THAT(differing(files_of(root_ / "grown"), files_of(root_ / "fresh")), IsEmpty());
  }
};

TEST_F(GrowthTest, MoreSeedsTrialsAndOptimizersEqualAFreshRun) {
  const std::string small = growing_config("0..1", 40);
  expect_grown_equals_fresh(small, growing_config("0..3", 40));
  expect_grown_equals_fresh(small, growing_config("[1, 0, 7]", 40));
  expect_grown_equals_fresh(small, growing_config("0..1", 90));
  expect_grown_equals_fresh(small, growing_config("0..1", 40, "", "local_search, asha, random_search"));
  expect_grown_equals_fresh(
      small,
      growing_config("0..2", 41, "", "random_search, local_search, {name: nsga2, population_size: 8}"));
}

TEST_F(GrowthTest, TrialsThatWereAskedAheadGoOn) {
  for (const int trials : {41, 47, 200})
    expect_grown_equals_fresh(growing_config("0..1", 40, ", asked_ahead: 7"),
                              growing_config("0..1", trials, ", asked_ahead: 7"));
}

TEST_F(GrowthTest, ABudgetOfSecondsGrowsAndMayFall) {
  const auto seconds = [](const char* value) {
    return growing_config("0..1", 300, std::string(", asked_ahead: 3, budget_seconds: ") + value);
  };
  expect_grown_equals_fresh(seconds("1e5"), seconds("3e5"));
  expect_grown_equals_fresh(seconds("1e5"), seconds("0"));
}

TEST_F(GrowthTest, EveryOptimizerGrows) {
  const std::string all =
      "{name: regularized_evolution, population_size: 10}, {name: bananas, initial: 10, round_size: 8, "
      "predictor: {name: ridge}}, asha, {name: nsga2, population_size: 10}";
  expect_grown_equals_fresh(growing_config("0", 30, ", asked_ahead: 3", all),
                            growing_config("0", 45, ", asked_ahead: 3", all));
}

TEST_F(GrowthTest, ARunGrowsMoreThanOnceAndFromTheMiddle) {
  run_quietly(growing_config("0", 30), root_ / "grown");
  run_quietly(growing_config("0", 31), root_ / "grown");
  run_quietly(growing_config("0..1", 60), root_ / "grown");
  // As a kill leaves it when the larger search was under way.
  fs::remove(root_ / "grown" / "random_search" / "seed_1" / "result.json");
  run_quietly(growing_config("0..1", 80), root_ / "grown");
  run_quietly(growing_config("0..1", 80), root_ / "fresh");
  EXPECT_THAT(differing(files_of(root_ / "grown"), files_of(root_ / "fresh")), IsEmpty());
}

TEST_F(GrowthTest, WhatIsFinishedIsNotDoneAgain) {
  run_quietly(growing_config("0", 30), root_);
  const fs::path result = root_ / "random_search" / "seed_0" / "result.json";
  const auto before = fs::last_write_time(result);
  run_quietly(
      growing_config("0..4", 30, "", "random_search, local_search, {name: nsga2, population_size: 8}"),
      root_);
  EXPECT_EQ(fs::last_write_time(result), before);
}

TEST_F(GrowthTest, AValueInAnotherSpellingIsTheSameValue) {
  const auto with_rate = [](const char* rate) {
    return growing_config(
        "0", 15, "",
        std::string("{name: bananas, predictor: {name: mlp_ensemble, members: 2, epochs: 2, "
                    "learning_rate: ") +
            rate + "}}");
  };
  run_quietly(with_rate("0.025"), root_);
  const auto files = files_of(root_);
  for (const char* spelling : {"2.5e-2", "25e-3", "0.0250"}) run_quietly(with_rate(spelling), root_);
  EXPECT_THAT(differing(files_of(root_), files), IsEmpty());
  EXPECT_THAT(message_of<UsageError>([&] { run_quietly(with_rate("0.026"), root_); }),
              AllOf(HasSubstr("optimizer.bananas.predictor.learning_rate"), HasSubstr("0.026")));
}

TEST_F(GrowthTest, WithoutItsStateASearchStartsOver) {
  run_quietly(growing_config("0", 30), root_ / "grown");
  fs::remove(root_ / "grown" / "random_search" / "seed_0" / "growth.cbor");
  run_quietly(growing_config("0", 60), root_ / "grown");
  run_quietly(growing_config("0", 60), root_ / "fresh");
  EXPECT_THAT(differing(files_of(root_ / "grown"), files_of(root_ / "fresh")), IsEmpty());
}

TEST_F(GrowthTest, OverADamagedStateASearchStartsOver) {
  run_quietly(growing_config("0", 60), root_ / "fresh");
  for (const char* file : {"growth.cbor", "events.jsonl"}) {
    fs::remove_all(root_ / "grown");
    run_quietly(growing_config("0", 30), root_ / "grown");
    const fs::path folder = root_ / "grown" / "local_search" / "seed_0";
    std::string text = read_text(folder / file);
    text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
    write_text(folder / file, text);
    run_quietly(growing_config("0", 60), root_ / "grown");
    EXPECT_THAT(differing(files_of(root_ / "grown"), files_of(root_ / "fresh")), IsEmpty()) << file;
  }
}

TEST_F(GrowthTest, AResultStaysUntilItsLargerSearchBegins) {
  const std::string small = growing_config("0..3", 30, "", "random_search");
  run_quietly(small, root_);
  const auto results = [&] {
    return std::ranges::count_if(files_of(root_),
                                 [](const auto& file) { return file.first.ends_with("result.json"); });
  };
  Child child([&] {
    run_quietly(growing_config("0..3", 1'000'000'000, "", "random_search"), root_);
    return 0;
  });
  while (child.running() && results() == 4) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  child.signal(SIGKILL);
  child.wait();
  EXPECT_EQ(results(), 3) << "one job at a time";
}

TEST_F(GrowthTest, ASearchThatPlansWithItsBudgetStartsOver) {
  const auto run_planner = [&](const std::string& directory, int trials) {
    PluginRegistry registry(PluginRegistry::search_path({fs::path(paths::fixture_plugins) / "inputs"}));
    host::run(config_of(growing_config("0", trials, "", "random_search, planner")),
              {.directory = root_ / directory, .quiet = true}, registry);
  };
  run_planner("grown", 30);
  EXPECT_FALSE(fs::exists(root_ / "grown/planner/seed_0/growth.cbor"));
  EXPECT_TRUE(fs::exists(root_ / "grown/random_search/seed_0/growth.cbor"));
  run_planner("grown", 60);
  run_planner("fresh", 60);
  EXPECT_THAT(differing(files_of(root_ / "grown"), files_of(root_ / "fresh")), IsEmpty());
}

TEST_F(GrowthTest, ADirectoryKnowsHowItWasBegun) {
  run_quietly(growing_config("0..1", 30), root_ / "run");
  const BegunRun begun = begun_run(root_ / "run");
  EXPECT_FALSE(begun.evaluates);
  EXPECT_TRUE(begun.plugin_path.empty()) << "an installation has its own plugins";
  PluginRegistry registry(PluginRegistry::search_path(begun.plugin_path));
  const auto files = files_of(root_ / "run");
  run(RunConfig::from(begun.config), {.directory = root_ / "run", .quiet = true}, registry);
  EXPECT_THAT(differing(files_of(root_ / "run"), files), IsEmpty());
  EXPECT_THAT(message_of<UsageError>([&] { begun_run(root_); }), HasSubstr("holds no run"));
  EXPECT_THAT(message_of<UsageError>([&] { begun_run(root_ / "run/config.yaml"); }),
              HasSubstr("espalier resume " + (root_ / "run").string()));
  EXPECT_THAT(message_of<UsageError>([&] { begun_run("seeds=0..4"); }), HasSubstr("resume DIR seeds=0..4"));
  EXPECT_THAT(message_of<UsageError>([&] { begun_run(root_ / "rum"); }), HasSubstr("no such directory"));
}

}  // namespace
}  // namespace espalier::host::testing
