#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/search/interrupted.h"
#include "host/run/run_fixture.h"
#include "paths.h"

namespace espalier::host {
namespace {

using ::testing::AllOf;
using testing::files_of;
using ::testing::HasSubstr;
using testing::message_of;
using testing::read_text;
namespace fs = std::filesystem;
using nlohmann::json;

/// Searches in stages by the fixture relay.
class StagesTest : public testing::RunTest {
 protected:
  Summary run_stages(const std::string& config, const fs::path& directory, std::size_t jobs = 1) {
    PluginRegistry registry(PluginRegistry::search_path(
        {fs::path(paths::fixture_plugins) / "relay", fs::path(paths::fixture_plugins) / "measures"}));
    return run(
        testing::config_of(config),
        {.directory = directory, .jobs = jobs, .quiet = true, .checkpoint_interval = std::chrono::seconds(0)},
        registry);
  }
  /// Three stages on the real table, in networks of more and more cells.
  static std::string on_table(const std::string& seeds = "0..1") {
    return "search_space: {name: nasbench201, cells_per_stage: 1}\n"
           "optimizer:\n"
           "  - random_search\n"
           "  - name: relay\n"
           "    name_of_stage: first\n"
           "    stages:\n"
           "      - {}\n"
           "      - {search_space: {cells_per_stage: 2}, optimizer: {name_of_stage: second}, trainer: "
           "{trials: 7}}\n"
           "      - {search_space: {cells_per_stage: 5}, optimizer: {name_of_stage: third}, trainer: "
           "{trials: 4}}\n"
           "benchmark: {name: nasbench201, dataset: cifar10}\n"
           "trainer: {name: discrete, trials: 10}\n"
           "seeds: " +
           seeds + "\n";
  }
  std::vector<json> events(const fs::path& run) const {
    std::vector<json> all;
    std::istringstream lines(read_text(run / "relay/seed_1/events.jsonl"));
    for (std::string line; std::getline(lines, line);) all.push_back(json::parse(line));
    return all;
  }
  static double accuracy(const json& event) { return event.at("values").at(0).get<double>(); }
  /// What refuses a run on a space of the fixture with these stages.
  std::string refusal(const std::string& stages, const std::string& optimizer = "relay") {
    std::string message = message_of<UsageError>([&] {
      run_stages(
          "search_space: relay\nbenchmark: {name: prepared, steps: 0}\ntrainer: {name: discrete, trials: "
          "3}\n" +
              std::string("seed: 0\noptimizer:\n  name: ") + optimizer + "\n  stages:\n" + stages,
          root_ / "refused");
    });
    EXPECT_FALSE(fs::exists(root_ / "refused")) << "nothing was written";
    return message;
  }
};

TEST_F(StagesTest, AreOneSearchWithOneResult) {
  run_stages(on_table(), root_ / "run", 2);
  const std::vector<json> all = events(root_ / "run");
  ASSERT_EQ(all.size(), 21U);
  double seconds = 0.0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].at("trial"), i + 1) << "trials count on";
    EXPECT_EQ(all[i].at("stage"), i < 10 ? 1 : i < 17 ? 2 : 3);
    seconds += all[i].at("seconds").get<double>();
  }
  const json result = json::parse(read_text(root_ / "run/relay/seed_1/result.json"));
  EXPECT_EQ(result.at("trials"), 21);
  EXPECT_NEAR(result.at("seconds").get<double>(), seconds, 1e-6 * seconds);
  double best = 0.0;
  for (std::size_t i = 17; i < all.size(); ++i) best = std::max(best, accuracy(all[i]));
  EXPECT_EQ(result.at("values").at("validation_accuracy"), best) << "of the last stage";
}

TEST_F(StagesTest, TakeOverWhatTheStageBeforePassedOn) {
  run_stages(on_table(), root_ / "run");
  Host host;
  const auto space = host.search_space("nasbench201");
  const std::vector<json> all = events(root_ / "run");
  const auto best_of = [&](std::size_t begin, std::size_t end) {
    return space->parse(
        std::max_element(all.begin() + static_cast<std::ptrdiff_t>(begin),
                         all.begin() + static_cast<std::ptrdiff_t>(end),
                         [](const json& a, const json& b) { return accuracy(a) < accuracy(b); })
            ->at("architecture")
            .get<std::string>());
  };
  const auto expect_mutants = [&](const Architecture& parent, std::size_t begin, std::size_t end) {
    const std::vector<Architecture> near = space->neighbours(parent);
    for (std::size_t i = begin; i < end; ++i)
      EXPECT_THAT(near, ::testing::Contains(space->parse(all[i].at("architecture").get<std::string>()))) << i;
  };
  expect_mutants(best_of(0, 10), 10, 17);
  expect_mutants(best_of(10, 17), 17, 21);
}

TEST_F(StagesTest, StandInTheResolvedConfigWithEveryOption) {
  run_stages(on_table(), root_ / "run");
  const std::string resolved = read_text(root_ / "run/config.yaml");
  EXPECT_THAT(resolved, AllOf(HasSubstr("    stages:\n"), HasSubstr("name_of_stage: third"),
                              HasSubstr("cells_per_stage: 5"), HasSubstr("trials: 7")));
  run_stages(resolved, root_ / "again");
  EXPECT_EQ(files_of(root_ / "run"), files_of(root_ / "again"));
  EXPECT_THAT(message_of<UsageError>([&] {
                std::string other = on_table();
                other.replace(other.find("trials: 7"), 9, "trials: 6");
                run_stages(other, root_ / "run");
              }),
              HasSubstr("optimizer.relay.stages.1.trainer.trials is \"7\" there and \"6\" here"));
}

TEST_F(StagesTest, StoppedAtAnyTrialTheyGoOnToTheSameFiles) {
  std::string config = on_table("1");
  config.erase(config.find("  - random_search\n"), 18);
  ASSERT_EQ(testing::Child([&] { return run_stages(config, root_ / "whole"), 0; }).wait(), 0);
  for (const std::string where :
       {"first/0", "first/5", "first/9", "second/0", "second/6", "third/0", "third/2", "third/3"}) {
    const fs::path stopped = root_ / where;
    testing::Child child([&] {
      ::setenv("ESPALIER_FIXTURE_STOP", where.c_str(), 1);
      std::signal(SIGUSR1, [](int) { request_stop(); });
      try {
        run_stages(config, stopped);
      } catch (const Interrupted&) {
        return 3;
      }
      return 0;
    });
    ASSERT_EQ(child.wait(), 3) << "it was stopped at " << where;
    ASSERT_EQ(testing::Child([&] { return run_stages(config, stopped), 0; }).wait(), 0);
    EXPECT_EQ(files_of(stopped), files_of(root_ / "whole")) << where;
  }
}

TEST_F(StagesTest, OneStageNeedsNothingToBePassedOn) {
  run_stages(
      "search_space: nasbench201\noptimizer: {name: random_search, stages: [{trainer: {trials: 3}}]}\n"
      "benchmark: nasbench201\ntrainer: {name: discrete, trials: 9}\nseed: 0\n",
      root_ / "run");
  EXPECT_EQ(json::parse(read_text(root_ / "run/random_search/seed_0/result.json")).at("trials"), 3);
}

TEST_F(StagesTest, ThatCannotBeCarriedOverAreRefusedBeforeAnythingRuns) {
  const std::string fine = "    - {}\n";
  EXPECT_THAT(
      refusal(fine + "    - {search_space: {pools: true}}\n"),
      AllOf(HasSubstr("changes what there is to choose"), HasSubstr("edge_1_2 [identity, zero, avg_pool"),
            HasSubstr("edge_1_2 [identity, zero] in search_space"), HasSubstr("test.yaml:9:"),
            HasSubstr("stage 2 of relay"), HasSubstr("cells or channels")));
  EXPECT_THAT(refusal(fine + "    - {search_space: {edges: 3}}\n"),
              AllOf(HasSubstr("3 choices here, and 2 in search_space"), HasSubstr("stage 2 of relay")));
  EXPECT_THAT(refusal("    - {search_space: {name: nasbench201}}\n"),
              AllOf(HasSubstr("stages.0.search_space: a stage cannot change the name"),
                    HasSubstr("test.yaml:8:"), HasSubstr("options of \"relay\" alone")));
  EXPECT_THAT(refusal(fine + "    - {optimizer: random_search}\n"),
              AllOf(HasSubstr("stages.1.optimizer is not a map"), HasSubstr("test.yaml:9:")));
  EXPECT_THAT(refusal("    - {optimizer: {label: other}}\n"), HasSubstr("a stage cannot change the label"));
  EXPECT_THAT(refusal(fine + fine, "random_search"),
              AllOf(HasSubstr("\"random_search\" does not search in stages"), HasSubstr("test.yaml:"),
                    HasSubstr("remove stages:")));
}

TEST_F(StagesTest, ThatAreMisspelledAreRefusedWithTheirPlace) {
  const std::string fine = "    - {}\n";
  EXPECT_THAT(refusal(fine + "    - {trainer: {trails: 3}}\n"),
              AllOf(HasSubstr("unknown option 'trails'"), HasSubstr("test.yaml:9:"), HasSubstr("trials"),
                    HasSubstr("stage 2 of relay")));
  EXPECT_THAT(refusal("    - {searchspace: {cells: 3}}\n"),
              AllOf(HasSubstr("stages.0"), HasSubstr("searchspace"), HasSubstr("search_space")));
  EXPECT_THAT(refusal("    - 3\n"), AllOf(HasSubstr("stages.0 is not a map"), HasSubstr("test.yaml:8:")));
  EXPECT_THAT(refusal("    []\n"), HasSubstr("stages: is not a list of the stages of a search"));
  EXPECT_THAT(refusal("    {trainer: {trials: 3}}\n"), HasSubstr("is not a list of the stages"));
}

TEST_F(StagesTest, AnOptimizerThatCannotPassOnIsNamed) {
  EXPECT_THAT(message_of<Error>([&] {
                std::string config = on_table("0");
                config.replace(config.find("first\n"), 6, "first\n    fails: true\n");
                run_stages(config, root_ / "run");
              }),
              AllOf(HasSubstr("nothing to pass on"), HasSubstr("optimizer 'relay'"), HasSubstr("pass_on()")));
}

}  // namespace
}  // namespace espalier::host
