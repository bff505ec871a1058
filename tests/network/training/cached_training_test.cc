#include <gmock/gmock.h>

#include <cstddef>
#include <iterator>

#include "host/run/run_fixture.h"
#include "network/training/evaluate_fixture.h"

// `cache:` with networks that are trained indeed.
namespace espalier::testing {
namespace {

using host::testing::differing;
using host::testing::files_of;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CachedTrainingTest : public EvaluateTest {
 protected:
  /// Runs with a cache, and returns what the log says.
  std::string run_into(const std::string& out, std::vector<std::string> assignments = {}) const {
    assignments.insert(assignments.begin(), {"run", "run.yaml", "cache=kept", "--out", out, "--jobs", "1"});
    const ProgramResult run = espalier(assignments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.err;
  }
  std::size_t entries() const {
    const fs::path cache = folder_ / "kept";
    if (!fs::exists(cache)) return 0;
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(cache), fs::directory_iterator()));
  }
};

TEST_F(CachedTrainingTest, LeavesTheBytesOfATrainingThatRan) {
  const ProgramResult without = espalier({"run", "run.yaml", "--out", "without", "--quiet"});
  ASSERT_EQ(without.exit_code, 0) << without.err;
  EXPECT_THAT(run_into("first"), Not(HasSubstr("reused")));
  EXPECT_EQ(entries(), 2U);
  EXPECT_THAT(run_into("second"), HasSubstr("is reused from " + (folder_ / "kept").string()));
  auto expected = files_of(folder_ / "without");
  expected.erase("config.yaml");
  for (const char* directory : {"first", "second"}) {
    auto files = files_of(folder_ / directory);
    files.erase("config.yaml");
    EXPECT_THAT(differing(files, expected), IsEmpty()) << directory;
  }
  const std::string architecture =
      result("second", "random/seed_0/evaluation/result.json").at("architecture");
  EXPECT_DOUBLE_EQ(
      test_of_weights(folder_ / "second/random/seed_0/evaluation/network.safetensors", architecture),
      result("second", "random/seed_0/evaluation/result.json").at("test").get<double>());
}

TEST_F(CachedTrainingTest, OneThatTheClockEndsIsNotKept) {
  const std::string log = run_into("run", {"seeds=0", "evaluate.minutes=1"});
  EXPECT_THAT(log, HasSubstr("no training is reused or kept in the cache: the trainer \"from_scratch\""));
  EXPECT_EQ(entries(), 0U);
}

TEST_F(CachedTrainingTest, FirstWeightsAreAPartOfTheKey) {
  fs::create_directory(folder_ / "first");
  const auto begin_with = [&](const std::string& run) {
    fs::copy_file(folder_ / run / "network.safetensors", folder_ / "first/network.safetensors",
                  fs::copy_options::overwrite_existing);
  };
  const std::vector<std::string> with_first = {"seeds=0", "evaluate.init_from=first/network.safetensors"};
  run_into("one", {"seeds=0"});
  begin_with("one/random/seed_0/evaluation");
  EXPECT_THAT(run_into("begun", with_first), Not(HasSubstr("is reused")));
  EXPECT_THAT(run_into("again", with_first), HasSubstr("is reused"));
  begin_with("begun/random/seed_0/evaluation");
  EXPECT_THAT(run_into("anew", with_first), Not(HasSubstr("is reused")));
  EXPECT_EQ(entries(), 3U);
}

TEST_F(CachedTrainingTest, SeveralSeedsAreSeveralTrainings) {
  run_into("first", {"seeds=0", "evaluate.seeds=0..1"});
  EXPECT_EQ(entries(), 2U);
  const std::string log = run_into("second", {"seeds=0", "evaluate.seeds=0..2"});
  EXPECT_THAT(log, HasSubstr("training from scratch with seed 1 of random with seed 0 is reused"));
  EXPECT_THAT(log, Not(HasSubstr("training from scratch with seed 2 of random with seed 0 is reused")));
  EXPECT_EQ(entries(), 3U);
}

TEST_F(CachedTrainingTest, BaselinesAreTrainingsLikeAnyOther) {
  const std::vector<std::string> with_baselines = {"seeds=0", "baselines=[resnet, random: 1]"};
  std::vector<std::string> without = {"run", "run.yaml", "--out", "without", "--quiet"};
  without.insert(without.end(), with_baselines.begin(), with_baselines.end());
  ASSERT_EQ(espalier(without).exit_code, 0);
  EXPECT_THAT(run_into("first", with_baselines), Not(HasSubstr("reused")));
  EXPECT_EQ(entries(), 3U);
  const std::string log = run_into("second", with_baselines);
  EXPECT_THAT(log, ContainsRegex("of random with seed 0 is reused from(.|\n)*baseline resnet(.|\n)*is reused "
                                 "from(.|\n)*baseline random_1(.|\n)*is reused from"));
  EXPECT_EQ(entries(), 3U);
  for (const std::string baseline : {"/baselines/resnet", "/baselines/random_1"}) {
    const auto files = files_of(folder_ / ("second" + baseline));
    EXPECT_TRUE(files.contains("evaluation/seed_0/network.safetensors")) << baseline;
    auto expected = files_of(folder_ / ("without" + baseline));
    expected.erase("config.yaml");
    for (const char* directory : {"first", "second"}) {
      auto of_directory = files_of(folder_ / (directory + baseline));
      of_directory.erase("config.yaml");
      EXPECT_THAT(differing(of_directory, expected), IsEmpty()) << directory << baseline;
    }
  }
}

TEST_F(CachedTrainingTest, TrialsOfTheBenchmarkTrainingAreReused) {
  const std::vector<std::string> searching = {
      "benchmark={name: training, epochs: 2, batch_size: 32, threads: 1}", "trainer.trials=3",
      "evaluate=null"};
  std::vector<std::string> without = {"run", "run.yaml", "--out", "without", "--quiet"};
  without.insert(without.end(), searching.begin(), searching.end());
  ASSERT_EQ(espalier(without).exit_code, 0);
  EXPECT_THAT(run_into("first", searching), Not(HasSubstr("reused")));
  const std::size_t trained = entries();
  EXPECT_GT(trained, 2U);
  EXPECT_THAT(
      run_into("second", searching),
      HasSubstr("trials of the benchmark \"training\" are reused from " + (folder_ / "kept").string()));
  EXPECT_EQ(entries(), trained);
  auto expected = files_of(folder_ / "without");
  expected.erase("config.yaml");
  for (const char* directory : {"first", "second"}) {
    auto files = files_of(folder_ / directory);
    files.erase("config.yaml");
    EXPECT_THAT(differing(files, expected), IsEmpty()) << directory;
  }
}

}  // namespace
}  // namespace espalier::testing
