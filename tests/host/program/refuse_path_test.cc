#include <gmock/gmock.h>

#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"

namespace espalier::testing {
namespace {

/// Who names a run where something else is expected is told what to write.
class RunAsArgument : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("mine.yaml",
          "search_space: {name: nasbench201, channels: 8}\noptimizer: random_search\nbenchmark: nasbench201\n"
          "trainer: {name: discrete, trials: 3}\nseed: 0\n");
    const ProgramResult run = espalier({"run", "mine.yaml", "--quiet"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const std::string result = text_of(folder_ / "runs/mine/random_search/seed_0/result.json");
    const std::size_t start = result.find('|');
    found_ = result.substr(start, result.find('"', start) - start);
  }

  std::string found_;
};

TEST_F(RunAsArgument, OfRunIsForResume) {
  expect_one_error(espalier({"run", "runs/mine", "seeds=0..3"}), 2,
                   {"runs/mine: this is the directory of a run", "espalier resume runs/mine seeds=0..3"});
}

TEST_F(RunAsArgument, IsAnsweredWithItsSpaceAndItsArchitecture) {
  const std::vector<std::string> says = {"\"runs/mine\" is the directory of a run",
                                         "'{name: nasbench201, channels: 8}' ", "'" + found_ + "'"};
  expect_one_error(espalier({"draw", "runs/mine", "-o", "x.svg"}), 2, says);
  expect_one_error(espalier({"draw", "nasbench201", "runs/mine", "-o", "x.svg"}), 2, says);
  expect_one_error(espalier({"inspect", "runs/mine"}), 2, says);
  expect_one_error(espalier({"neighbours", "nasbench201", "runs/mine"}), 2, says);
  expect_one_error(espalier({"query", "nasbench201", "runs/mine"}), 2, says);
  expect_one_error(espalier({"evaluate", "runs/mine", "--space", "nasbench201", "--dataset", "cifar10"}), 2,
                   says);
}

TEST_F(RunAsArgument, ThatIsNotFinishedIsToBeResumed) {
  fs::remove(folder_ / "runs/mine/summary.json");
  expect_one_error(espalier({"draw", "runs/mine", "-o", "x.svg"}), 2, {"`espalier resume runs/mine`"});
}

TEST_F(RunAsArgument, OfSeveralObjectivesHasFronts) {
  const ProgramResult run = espalier({"run", "mine.yaml", "optimizer=nsga2", "trainer.trials=100", "--out",
                                      "two", "objectives=[validation_accuracy, parameters]", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  expect_one_error(espalier({"draw", "two", "-o", "x.svg"}), 2,
                   {"an architecture of one of its fronts (front.csv): '{name: nasbench201, channels: 8}'"});
}

TEST_F(RunAsArgument, IsQuotedForTheShell) {
  fs::rename(folder_ / "runs/mine", folder_ / "a run");
  expect_one_error(espalier({"run", "a run", "seeds=[1, 2]"}), 2, {"espalier resume 'a run' 'seeds=[1, 2]'"});
}

TEST_F(RunAsArgument, IsNotMeantByTheNameOfAPlugin) {
  fs::rename(folder_ / "runs/mine", folder_ / "nasbench201");
  EXPECT_EQ(espalier({"sample", "nasbench201"}).exit_code, 0);
}

TEST_F(RunAsArgument, IsNoFolderWithAConfigOfAPersonsOwn) {
  fs::create_directory(folder_ / "project");
  fs::rename(folder_ / "mine.yaml", folder_ / "project/config.yaml");
  expect_one_error(espalier({"run", "project"}), 2, {"project: cannot read the file: it is a folder"});
  expect_one_error(espalier({"draw", "project", "-o", "x.svg"}), 2, {"no search space named 'project' in "});
}

TEST_F(RunAsArgument, IsMeantByItsConfigToo) {
  expect_one_error(espalier({"run", "runs/mine/config.yaml", "seeds=0..3"}), 2,
                   {"the config of a run that was begun", "espalier resume runs/mine seeds=0..3"});
  EXPECT_EQ(espalier({"run", "runs/mine/config.yaml", "--out", "again", "--quiet"}).exit_code, 0);
}

TEST_F(RunAsArgument, IsAnsweredForItsConfigToo) {
  expect_one_error(espalier({"draw", "runs/mine/config.yaml", "-o", "x.svg"}), 2,
                   {"is the config of a run", "'" + found_ + "'"});
}

TEST_F(RunAsArgument, ComesBeforeWhatElseIsMissing) {
  expect_one_error(espalier({"draw", "runs/mine"}), 2, {"\"runs/mine\" is the directory of a run"});
  expect_one_error(espalier({"evaluate", "runs/mine"}), 2, {"\"runs/mine\" is the directory of a run"});
}

TEST_F(RunAsArgument, MayBeAConfig) {
  expect_one_error(espalier({"inspect", "./mine.yaml"}), 2, {"is a file", "espalier run ./mine.yaml"});
}

TEST_F(RunAsArgument, OfResumeMayLackItsFolder) {
  expect_one_error(espalier({"resume", "mine"}), 2, {"no such directory", "espalier resume runs/mine"});
}

}  // namespace
}  // namespace espalier::testing
