#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "host/run/run_fixture.h"
#include "network/training/evaluate_fixture.h"

namespace espalier::testing {
namespace {

using host::testing::files_of;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class EvaluationSeedsTest : public EvaluateTest {
 protected:
  ProgramResult run_into(const std::string& out, std::vector<std::string> assignments) const {
    assignments.insert(assignments.begin(), {"run", "run.yaml"});
    assignments.insert(assignments.end(), {"--out", out, "--quiet", "--jobs", "1"});
    return espalier(assignments);
  }
  double test_of(const std::string& training) const {
    return result("run", "random/" + training + "/result.json").at("test");
  }
};

TEST_F(EvaluationSeedsTest, EachIsATrainingOfItsOwn) {
  ASSERT_EQ(run_into("run", {"seeds=[0]", "evaluate.seeds=0..1"}).exit_code, 0);
  ASSERT_EQ(run_into("one", {"seeds=[0]"}).exit_code, 0);
  const auto several = files_of(folder_ / "run/random/seed_0/evaluation");
  const auto one = files_of(folder_ / "one/random/seed_0/evaluation");
  EXPECT_EQ(several.size(), 2 * one.size());
  for (const auto& [file, text] : one) {
    EXPECT_EQ(several.at("seed_0/" + file), text) << "what a search with this seed gets";
    if (file == "network.json") continue;  // the same network of the same images
    EXPECT_NE(several.at("seed_1/" + file), text) << file;
  }
  EXPECT_EQ(result("run", "random/seed_0/evaluation/seed_1/result.json").at("seed"), 1);
}

TEST_F(EvaluationSeedsTest, TheSummaryIsOverTheTrainings) {
  const std::string paper = "paper_results={source: A paper, figures: {random: {mean: 75, std: 1}}}";
  const ProgramResult run = run_into("run", {"seeds=[0]", "evaluate.seeds=[3, 7]", paper});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const double first = test_of("seed_0/evaluation/seed_3");
  const double second = test_of("seed_0/evaluation/seed_7");
  const json row = result("run", "summary.json").at("optimizers").at(0);
  EXPECT_EQ(row.at("trainings"), 2);
  EXPECT_DOUBLE_EQ(row.at("trained_test").at("mean").get<double>(), (first + second) / 2);
  EXPECT_DOUBLE_EQ(row.at("trained_test").at("standard_deviation").get<double>(),
                   std::abs(first - second) / std::sqrt(2.0));
  EXPECT_EQ(row.at("results").at(0).at("trainings"),
            json({{{"seed", 3}, {"test", first}}, {{"seed", 7}, {"test", second}}}));
  EXPECT_THAT(run.out, AllOf(ContainsRegex("trainings  trained test % +paper"),
                             ContainsRegex("2 +[0-9.]+ ± [0-9.]+ +75.00 ± 1.00"),
                             HasSubstr("random, from scratch: the published mean 75.00 lies ")));
  EXPECT_THAT(text_of(folder_ / "run/summary.csv"),
              AllOf(HasSubstr("trained_test_best,trainings\n"), HasSubstr(",2\n")));
}

TEST_F(EvaluationSeedsTest, TheSelectedSearchIsTrainedWithEach) {
  const std::string selection = "select={epochs: 1, batch_size: 32, train_fraction: 0.5, threads: 1}";
  ASSERT_EQ(run_into("run", {selection, "evaluate.epochs=1", "evaluate.seeds=0..1"}).exit_code, 0);
  const auto files = files_of(folder_ / "run");
  const auto trained = [&](const std::string& search, const std::string& seed) {
    return files.contains("random/" + search + "/evaluation/" + seed + "/network.safetensors");
  };
  EXPECT_NE(trained("seed_0", "seed_0"), trained("seed_1", "seed_0"));
  EXPECT_NE(trained("seed_0", "seed_1"), trained("seed_1", "seed_1"));
  EXPECT_EQ(trained("seed_0", "seed_0"), trained("seed_0", "seed_1"));
  EXPECT_EQ(result("run", "summary.json").at("optimizers").at(0).at("trainings"), 2);
}

/// A signal, and with what the program ends.
class EvaluationSeedsKillTest : public EvaluationSeedsTest,
                                public ::testing::WithParamInterface<std::pair<const char*, int>> {};

TEST_P(EvaluationSeedsKillTest, KilledInTheSecondTrainingItEndsInTheSameFiles) {
  const auto& [signal, exit_code] = GetParam();
  const std::vector<std::string> config = {"seeds=[0]", "evaluate.epochs=20", "evaluate.seeds=0..1"};
  ASSERT_EQ(run_into("whole", config).exit_code, 0);
  const ProgramResult killed =
      run({"bash", "-c",
           program() +
               " run run.yaml seeds=[0] evaluate.epochs=20 evaluate.seeds=0..1 --out killed --quiet "
               "--jobs 1 & pid=$!; "
               "until [ -e killed/random/seed_0/evaluation/seed_1 ]; do sleep 0.01; done; "
               "kill -" +
               signal + " $pid; wait $pid"});
  EXPECT_EQ(killed.exit_code, exit_code) << killed.err;
  const auto left = files_of(folder_ / "killed/random/seed_0/evaluation");
  EXPECT_TRUE(left.contains("seed_0/result.json")) << "the first training is not lost";
  EXPECT_FALSE(left.contains("seed_1/result.json"));
  EXPECT_TRUE(left.contains("seed_1/checkpoint.cbor") || std::string(signal) == "KILL");
  const auto written =
      fs::last_write_time(folder_ / "killed/random/seed_0/evaluation/seed_0/network.safetensors");
  ASSERT_EQ(run_into("killed", config).exit_code, 0);
  EXPECT_EQ(files_of(folder_ / "killed"), files_of(folder_ / "whole"));
  EXPECT_EQ(fs::last_write_time(folder_ / "killed/random/seed_0/evaluation/seed_0/network.safetensors"),
            written);
}

INSTANTIATE_TEST_SUITE_P(Signals, EvaluationSeedsKillTest,
                         ::testing::Values(std::pair("INT", 130), std::pair("KILL", 128 + 9)),
                         [](const auto& parameter) { return parameter.param.first; });

TEST_F(EvaluationSeedsTest, AnotherRunInItsPlaceLeavesNothingOfIt) {
  ASSERT_EQ(run_into("run", {"seeds=[0]", "evaluate.epochs=1", "evaluate.seeds=0..1"}).exit_code, 0);
  const ProgramResult refused = run_into("run", {"seeds=[0]", "evaluate.epochs=1", "evaluate.seeds=1..2"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("evaluate.seeds is \"0..1\" there and \"1..2\" here"),
                                 HasSubstr("--overwrite")));
  ASSERT_EQ(run_into("run", {"seeds=[1]", "evaluate.epochs=1", "--overwrite"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(folder_ / "run/random/seed_0"));
}

TEST_F(EvaluationSeedsTest, TheCommandTakesThemToo) {
  const std::vector<std::string> command = {"evaluate",   kCell,     "epochs=1", "batch_size=32", "threads=1",
                                            "seeds=0..1", "--space", kSpace,     "--dataset",     kData,
                                            "--out",      "out",     "--quiet"};
  const ProgramResult first = espalier(command);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, AllOf(ContainsRegex("trainings +2\n"), ContainsRegex("[0-9.]+ ± [0-9.]+ %"),
                               HasSubstr("out/evaluation/seed_1/network.safetensors")));
  EXPECT_NEAR(test_of_weights(folder_ / "out/evaluation/seed_1/network.safetensors", kCell),
              result("out", "evaluation/seed_1/result.json").at("test"), 1e-9);
  EXPECT_EQ(espalier(command).out, first.out) << "nothing to do the second time";

  std::vector<std::string> both = command;
  both.insert(both.end(), {"--seed", "3"});
  const ProgramResult refused = espalier(both);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("both --seed and seeds= are given"));
}

}  // namespace
}  // namespace espalier::testing
