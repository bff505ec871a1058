#include <gmock/gmock.h>

#include <map>

#include "host/program/program_fixture.h"

// What a plugin does to its process must not reach the results, or the run must say so.
namespace espalier::testing {
namespace {

using ::testing::HasSubstr;

class PluginEffectsTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    fs::create_directory(folder_ / "plugins");
    for (const char* fixture : {"good", "throws"})
      for (const auto& entry : fs::directory_iterator(fs::path(paths::fixture_plugins) / fixture))
        if (!fs::exists(folder_ / "plugins" / (std::string(fixture) + entry.path().filename().string())))
          fs::copy_file(entry.path(), folder_ / "plugins" / (fixture + entry.path().filename().string()));
  }

  ProgramResult run_with(const std::string& what, const std::string& out) {
    write("config.yaml",
          "search_space: nasbench201\nbenchmark: nasbench201\ntrainer: {name: discrete, trials: 20}\n"
          "seeds: 0..1\nplugin_path: plugins\noptimizer: {name: throws, call: ask, what: " +
              what + "}\n");
    return espalier({"run", "config.yaml", "--quiet", "--out", out});
  }

  std::string result(const std::string& out) const { return text_of(folder_ / out / "summary.csv"); }
};

TEST_F(PluginEffectsTest, OtherRoundingDoesNotReachTheResults) {
  ASSERT_EQ(run_with("usual", "calm").exit_code, 0);
  ASSERT_EQ(run_with("round", "rounds").exit_code, 0);
  EXPECT_EQ(result("rounds"), result("calm"));
}

TEST_F(PluginEffectsTest, AProcessThatItForksEndsThere) {
  ASSERT_EQ(run_with("usual", "calm").exit_code, 0);
  const ProgramResult forked = run_with("fork", "forks");
  EXPECT_EQ(forked.exit_code, 0);
  EXPECT_EQ(result("forks"), result("calm"));
  EXPECT_THAT(forked.err, HasSubstr("optimizer 'throws'"));
  EXPECT_THAT(forked.err, HasSubstr("started a process that did not end"));
}

// It would write the files of its parent.
TEST_F(PluginEffectsTest, AProcessThatATrainerForksEndsAtTheJournal) {
  write("config.yaml",
        "search_space: nasbench201\nbenchmark: nasbench201\noptimizer: random_search\nplugin_path: "
        "plugins\nseeds: 0\n"
        "trainer: {name: throws, call: search, what: fork}\n");
  const ProgramResult forked = espalier({"run", "config.yaml", "--quiet", "--out", "forks"});
  EXPECT_THAT(forked.err, HasSubstr("trainer 'throws'"));
  EXPECT_THAT(forked.err, HasSubstr("the plugin's search() started a process that used its journal"));
}

TEST_F(PluginEffectsTest, ABudgetThatIsNoNumberIsAMistakeOfTheTrainer) {
  write("config.yaml",
        "search_space: nasbench201\nbenchmark: nasbench201\noptimizer: random_search\nplugin_path: "
        "plugins\nseeds: 0\n"
        "trainer: {name: throws, what: no number}\n");
  const ProgramResult result = espalier({"run", "config.yaml", "--quiet"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("trainer 'throws'"));
  EXPECT_THAT(result.err, HasSubstr("the plugin's growing_options() names \"call\""));
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
}

}  // namespace
}  // namespace espalier::testing
