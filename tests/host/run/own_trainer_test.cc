#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "espalier/errors/errors.h"
#include "host/run/run_fixture.h"
#include "paths.h"

namespace espalier::host {
namespace {

using ::testing::AllOf;
using testing::files_of;
using ::testing::HasSubstr;
using testing::message_of;
using testing::read_text;
using testing::run_quietly;
namespace fs = std::filesystem;

const std::string mixed =
    "search_space: nasbench201\n"
    "optimizer: [random_search, {name: random_search, label: short, trainer: {name: discrete, trials: 7}}]\n"
    "benchmark: nasbench201\n"
    "trainer: {name: discrete, trials: 20}\n"
    "seeds: 0..1\n";

class OwnTrainerTest : public testing::RunTest {
 protected:
  nlohmann::json result(const std::string& label) const {
    return nlohmann::json::parse(read_text(root_ / "run" / label / "seed_1" / "result.json"));
  }
};

TEST_F(OwnTrainerTest, DrivesTheOptimizerThatBringsIt) {
  run_quietly(mixed, root_ / "run", 2);
  EXPECT_EQ(result("random_search").at("trials"), 20);
  EXPECT_EQ(result("short").at("trials"), 7);
}

TEST_F(OwnTrainerTest, StandsInTheResolvedConfigWhichRunsToTheSameResults) {
  run_quietly(mixed, root_ / "run");
  const std::string resolved = read_text(root_ / "run/config.yaml");
  EXPECT_THAT(resolved, AllOf(HasSubstr("    trainer:\n      name: discrete\n      trials: 7\n"),
                              HasSubstr("\ntrainer:\n  name: discrete\n  trials: 20\n")));
  run_quietly(resolved, root_ / "again");
  EXPECT_EQ(files_of(root_ / "run"), files_of(root_ / "again"));
}

TEST_F(OwnTrainerTest, IsRefusedWithItsPlace) {
  EXPECT_THAT(message_of<UsageError>([&] {
                run_quietly(
                    "search_space: nasbench201\n"
                    "optimizer: {name: random_search, trainer: {name: discrete, trails: 7}}\n"
                    "benchmark: nasbench201\nseed: 0\n",
                    root_ / "run");
              }),
              AllOf(HasSubstr("optimizer.trainer: unknown option 'trails'"), HasSubstr("test.yaml:2:"),
                    HasSubstr("trials")));
  EXPECT_FALSE(fs::exists(root_ / "run"));
}

TEST_F(OwnTrainerTest, EveryPluginIsMadeOnceForEachSearch) {
  const fs::path made = root_ / "made.txt";
  ::setenv("ESPALIER_FIXTURE_MADE", made.c_str(), 1);
  PluginRegistry registry(PluginRegistry::search_path({fs::path(paths::fixture_plugins) / "good"}));
  const std::string text =
      "search_space: good\noptimizer: good\nbenchmark: good\ntrainer: good\nseeds: 0..2\n";
  run(testing::config_of(text), {.directory = root_ / "run", .quiet = true}, registry);
  ::unsetenv("ESPALIER_FIXTURE_MADE");
  std::istringstream lines(read_text(made));
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) all.push_back(line);
  EXPECT_EQ(std::ranges::count(all, "optimizer"), 3) << "one for each search, none to be thrown away";
  EXPECT_EQ(std::ranges::count(all, "trainer"), 3);
}

}  // namespace
}  // namespace espalier::host
