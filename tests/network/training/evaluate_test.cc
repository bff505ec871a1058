#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/run/run_fixture.h"
#include "network/training/evaluate_fixture.h"

namespace espalier::testing {
namespace {

using host::testing::files_of;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST_F(EvaluateTest, ARunTrainsWhatItsSearchesFound) {
  const ProgramResult run = espalier({"run", "run.yaml", "--out", "run", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("trained test %"), HasSubstr("trained as evaluate: says")));
  double sum = 0.0;
  for (const std::string seed : {"0", "1"}) {
    const std::string folder = "random/seed_" + seed + "/";
    const json search = result("run", folder + "result.json");
    const json trained = result("run", folder + "evaluation/result.json");
    EXPECT_EQ(trained.at("architecture"), search.at("architecture"));
    EXPECT_GT(search.at("report").at("test_accuracy"), 80.0) << "the table's";
    EXPECT_GT(trained.at("test"), 40.0) << "chance is 25";
    const double again = test_of_weights(folder_ / "run" / folder / "evaluation/network.safetensors",
                                         trained.at("architecture"));
    EXPECT_DOUBLE_EQ(trained.at("test").get<double>(), again);
    EXPECT_FALSE(fs::exists(folder_ / "run" / folder / "evaluation/checkpoint.cbor"));
    sum += again;
  }
  const json row = result("run", "summary.json").at("optimizers").at(0);
  EXPECT_DOUBLE_EQ(row.at("trained_test").at("mean").get<double>(), sum / 2);
  EXPECT_THAT(text_of(folder_ / "run/summary.csv"), HasSubstr("trained_test_mean"));
}

TEST_F(EvaluateTest, SaysHowLongItTrainsBeforeItBegins) {
  const ProgramResult run = espalier({"run", "run.yaml", "--out", "run"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.err, HasSubstr("each of 2 trainings has 4 epochs (evaluate.epochs=N changes that)"));
  const ProgramResult one =
      espalier({"evaluate", kCell, "epochs=1", "threads=1", "batch_size=32", "crop_padding=0", "cutout=0",
                "--space", kSpace, "--dataset", kData, "--out", "one"});
  EXPECT_EQ(one.exit_code, 0) << one.err;
  EXPECT_THAT(one.err, HasSubstr("the training has 1 epoch (epochs=N changes that)"));
}

TEST_F(EvaluateTest, AConfigMayNameTheArchitectureInPlaceOfASearch) {
  const std::string section =
      "evaluate: {epochs: 1, batch_size: 32, crop_padding: 0, cutout: 0, threads: 1, seeds: 0..2}\n";
  const std::string rest = std::string("search_space: ") + kSpace + "\ndataset: " + kData + "\n" + section;
  write("one.yaml", rest + "architecture: \"" + kCell + "\"\nsmoke: [\"evaluate.seeds=0..1\"]\n");
  const ProgramResult run = espalier({"run", "one.yaml", "--smoke", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("trainings      2"), HasSubstr(kCell)));
  const ProgramResult same =
      espalier({"evaluate", kCell, "epochs=1", "batch_size=32", "crop_padding=0", "cutout=0", "threads=1",
                "seeds=0..1", "--space", kSpace, "--dataset", kData, "--out", "same", "--quiet"});
  ASSERT_EQ(same.exit_code, 0) << same.err;
  EXPECT_EQ(result("runs/one-smoke", "evaluation/seed_1/result.json"),
            result("same", "evaluation/seed_1/result.json"));
  EXPECT_EQ(espalier({"resume", "runs/one-smoke", "--quiet"}).exit_code, 0);

  const auto refusal = [&](const std::string& config) {
    write("wrong.yaml", config);
    const ProgramResult refused = espalier({"run", "wrong.yaml", "--quiet"});
    EXPECT_EQ(refused.exit_code, 2);
    return refused.err;
  };
  const std::string architecture = std::string("architecture: \"") + kCell + "\"\n";
  EXPECT_THAT(refusal(rest + architecture + "optimizer: random_search\n"),
              AllOf(HasSubstr("optimizer"), HasSubstr("a search has optimizer: in its place")));
  EXPECT_THAT(refusal(architecture + section),
              AllOf(HasSubstr("search_space"), HasSubstr("write `search_space:")));
  EXPECT_THAT(refusal(rest + "architecture: [1, 2]\n"), HasSubstr("architecture: is not text"));
  EXPECT_THAT(refusal(rest + "architecture: \"|none|\"\n"),
              AllOf(HasSubstr("wrong.yaml:4:15: "), HasSubstr("character 6 of")));
  EXPECT_THAT(refusal(rest + architecture + "seed: 5\n"),
              AllOf(HasSubstr("wrong.yaml:5"), HasSubstr("both seed and evaluate.seeds are given")));
  write("wrong.yaml", rest + architecture);
  EXPECT_THAT(espalier({"run", "wrong.yaml", "--smoke"}).err, HasSubstr("smoke: [evaluate.epochs=1]"));
  EXPECT_THAT(espalier({"run", "wrong.yaml", "--out", "noticed"}).err,
              HasSubstr("each of 3 trainings has 1 epoch (evaluate.epochs=N changes that)"));
}

TEST_F(EvaluateTest, TellsOfHowManyImagesATestAccuracyIs) {
  const ProgramResult run = espalier({"run", "run.yaml", "seeds=0", "--out", "run", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(result("run", "random/seed_0/evaluation/result.json").at("test_images"), 100);
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("trained with seed 0: test "), HasSubstr(" % of 100 images, 95 % interval [")));
}

TEST_F(EvaluateTest, MoreThreadsThanCoresAreAsManyAsCores) {
  const auto evaluated = [&](const std::string& threads, const std::string& out) {
    const ProgramResult run =
        espalier({"evaluate", kCell, "epochs=1", "threads=" + threads, "batch_size=32", "crop_padding=0",
                  "cutout=0", "--space", kSpace, "--dataset", kData, "--out", out, "--quiet"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.err;
  };
  EXPECT_THAT(evaluated("4096", "many"), HasSubstr("threads: 4096 is more than the "));
  EXPECT_EQ(evaluated("0", "all"), "");
  EXPECT_EQ(result("many", "evaluation/result.json"), result("all", "evaluation/result.json"));
}

TEST_F(EvaluateTest, ItsOptionsAreCompleted) {
  EXPECT_EQ(espalier({"__complete", "evaluate", "x", "learning_rate_m"}).out, "learning_rate_min=\n");
}

TEST_F(EvaluateTest, MoreImagesThanThereAreAreAll) {
  const ProgramResult run = espalier({"evaluate", kCell, "epochs=1", "threads=1", "batch_size=32",
                                      "images=100000", "crop_padding=0", "cutout=0", "--space", kSpace,
                                      "--dataset", kData, "--out", "out", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.err,
              HasSubstr("images: 100000 is more than the dataset synthetic has, so all 320 training images"));
}

TEST_F(EvaluateTest, ItsEpochsStandInTheTableOfTrials) {
  ASSERT_EQ(espalier({"run", "run.yaml", "seeds=0", "--out", "run", "--quiet"}).exit_code, 0);
  const std::string table = espalier({"trials", "run"}).out;
  const std::string architecture = result("run", "random/seed_0/result.json").at("architecture");
  EXPECT_THAT(table, AllOf(HasSubstr("\nrun,random,0,search,,,20,,"),
                           HasSubstr("\nrun,random,0,evaluation,0,,,1," + architecture + ","),
                           HasSubstr("\nrun,random,0,evaluation,0,,,4," + architecture + ",")));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1 + 20 + 4);
}

TEST_F(EvaluateTest, ACommandPrintsItsTrainingsAsJson) {
  const std::vector<std::string> command = {"evaluate",  kCell,     "epochs=1", "batch_size=32", "seeds=3..4",
                                            "threads=1", "--space", kSpace,     "--dataset",     kData,
                                            "--out",     "out",     "--quiet",  "--json"};
  const ProgramResult evaluated = espalier(command);
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  const json printed = json::parse(evaluated.out);
  EXPECT_EQ(printed.at("architecture"), kCell);
  const json& second = printed.at("trainings").at(1);
  EXPECT_EQ(second.at("seed"), 4);
  const json written = result("out", "evaluation/seed_4/result.json");
  for (const char* const name : {"test", "test_images", "test_loss", "validation", "classes"})
    EXPECT_EQ(second.at(name), written.at(name)) << name;
  EXPECT_TRUE(fs::exists(folder_ / second.at("weights").get<std::string>()));
  EXPECT_EQ(espalier({"resume", "out", "--quiet", "--json"}).out, evaluated.out);
}

TEST_F(EvaluateTest, KilledInATrainingItEndsInTheSameFilesOnAnyNumberOfWorkers) {
  ASSERT_EQ(espalier({"run", "run.yaml", "--out", "whole", "--quiet", "--jobs", "1"}).exit_code, 0);
  // The checkpoint that a kill within the first training would leave, and the state of the run around it.
  const ProgramResult killed =
      run({"bash", "-c",
           program() + " run run.yaml --out killed --quiet --jobs 1 & pid=$!; "
                       "until [ -e killed/random/seed_0/evaluation ]; do sleep 0.01; done; "
                       "kill -INT $pid; wait $pid"});
  EXPECT_EQ(killed.exit_code, 130) << killed.err;
  EXPECT_TRUE(fs::exists(folder_ / "killed/random/seed_0/result.json")) << "the search is not lost";
  EXPECT_FALSE(fs::exists(folder_ / "killed/summary.json"));
  ASSERT_EQ(espalier({"run", "run.yaml", "--out", "killed", "--quiet", "--jobs", "2"}).exit_code, 0);
  EXPECT_EQ(files_of(folder_ / "killed"), files_of(folder_ / "whole"));
}

TEST_F(EvaluateTest, AFinishedTrainingIsNotDoneAgainAndALostOneIs) {
  ASSERT_EQ(espalier({"run", "run.yaml", "seeds=[0]", "--out", "run", "--quiet"}).exit_code, 0);
  const auto whole = files_of(folder_ / "run");
  const fs::path training = folder_ / "run/random/seed_0/evaluation";
  const auto written = fs::last_write_time(training / "network.safetensors");
  ASSERT_EQ(espalier({"run", "run.yaml", "seeds=[0]", "--out", "run", "--quiet"}).exit_code, 0);
  EXPECT_EQ(fs::last_write_time(training / "network.safetensors"), written);
  fs::remove_all(training);
  ASSERT_EQ(espalier({"run", "run.yaml", "seeds=[0]", "--out", "run", "--quiet"}).exit_code, 0);
  EXPECT_EQ(files_of(folder_ / "run"), whole);

  // Another run in its place leaves nothing of it.
  ASSERT_EQ(espalier({"run", "run.yaml", "seeds=[1]", "--out", "run", "--quiet", "--overwrite"}).exit_code,
            0);
  EXPECT_FALSE(fs::exists(folder_ / "run/random/seed_0"));
}

TEST_F(EvaluateTest, AShortTrainingSelectsTheOneThatIsTrained) {
  const std::string selection = "select={epochs: 1, batch_size: 32, train_fraction: 0.5, threads: 1}";
  const std::vector<std::string> command = {"run", "run.yaml", selection, "--out", "run", "--quiet"};
  const ProgramResult run = espalier(command);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const double first = result("run", "random/seed_0/selection/result.json").at("validation");
  const double second = result("run", "random/seed_1/selection/result.json").at("validation");
  const std::string best = second > first ? "1" : "0";
  const std::string other = second > first ? "0" : "1";
  EXPECT_TRUE(fs::exists(folder_ / "run/random" / ("seed_" + best) / "evaluation/network.safetensors"));
  EXPECT_FALSE(fs::exists(folder_ / "run/random" / ("seed_" + other) / "evaluation"));
  const json row = result("run", "summary.json").at("optimizers").at(0);
  EXPECT_EQ(row.at("results").at(0).at("selection"), first);
  EXPECT_DOUBLE_EQ(row.at("trained_test").at("mean").get<double>(),
                   result("run", "random/seed_" + best + "/evaluation/result.json").at("test").get<double>());

  // Without one of the short trainings and what stands on it, the same command makes the same files.
  const auto whole = files_of(folder_ / "run");
  fs::remove_all(folder_ / "run/random" / ("seed_" + best) / "evaluation");
  fs::remove_all(folder_ / "run/random/seed_0/selection");
  ASSERT_EQ(espalier(command).exit_code, 0);
  EXPECT_EQ(files_of(folder_ / "run"), whole);
}

TEST_F(EvaluateTest, TheCommandTrainsAGivenArchitecture) {
  const std::vector<std::string> command = {"evaluate", kCell,   "epochs=2",  "batch_size=32", "threads=1",
                                            "--space",  kSpace,  "--dataset", kData,           "--seed",
                                            "5",        "--out", "out",       "--quiet"};
  const ProgramResult first = espalier(command);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out,
              AllOf(HasSubstr("nasbench201 · synthetic"), HasSubstr(kCell), HasSubstr("parameters"),
                    HasSubstr("test accuracy"), HasSubstr("weights: out/evaluation/network.safetensors")));
  const json trained = result("out", "evaluation/result.json");
  EXPECT_DOUBLE_EQ(trained.at("test").get<double>(),
                   test_of_weights(folder_ / "out/evaluation/network.safetensors", kCell));
  EXPECT_EQ(espalier(command).out, first.out) << "nothing to do the second time";

  std::vector<std::string> other = command;
  other[2] = "epochs=3";
  const ProgramResult refused = espalier(other);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("evaluate.epochs"), HasSubstr("--overwrite")));
  other.emplace_back("--overwrite");
  EXPECT_EQ(espalier(other).exit_code, 0);
}

TEST_F(EvaluateTest, TheResultAndAFileBesideTheWeightsSayWhatTheNetworkReads) {
  const ProgramResult trained =
      espalier({"evaluate", kCell, "epochs=1", "batch_size=32", "threads=1", "--space", kSpace, "--dataset",
                "{name: synthetic, image_size: 8, classes: 4, train_size: 320, test_size: 102}", "--out",
                "out", "--quiet"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("by class "));
  const json found = result("out", "evaluation/result.json");
  double correct = 0.0;
  std::vector<int> images;
  std::vector<std::string> names;
  for (const json& each : found.at("classes")) {
    images.push_back(each.at("images"));
    names.push_back(each.at("name"));
    correct += each.at("correct").get<double>();
    EXPECT_DOUBLE_EQ(each.at("accuracy").get<double>(),
                     100.0 * each.at("correct").get<double>() / each.at("images").get<double>());
  }
  EXPECT_EQ(images, (std::vector{26, 26, 25, 25}));
  EXPECT_EQ(names, (std::vector<std::string>{"0", "1", "2", "3"}));
  EXPECT_NEAR(found.at("test").get<double>(), 100.0 * correct / 102, 1e-9);

  const json description = result("out", "evaluation/network.json");
  EXPECT_EQ(description.at("architecture"), kCell);
  EXPECT_EQ(description.at("search_space"), "nasbench201");
  EXPECT_EQ(description.at("classes"), json(names));
  EXPECT_EQ(description.at("input"), found.at("input"));
  const json& input = description.at("input");
  EXPECT_EQ(input.at("dataset"), "synthetic");
  EXPECT_EQ(input.at("shape"), json({3, 8, 8}));
  EXPECT_EQ(input.at("mean"), json({0.5, 0.5, 0.5}));
  EXPECT_EQ(input.at("standard_deviation").size(), 3U);
}

TEST_F(EvaluateTest, ADamagedDescriptionOfTheWeightsIsNoticed) {
  ASSERT_EQ(espalier({"run", "run.yaml", "seeds=[0]", "--out", "run", "--quiet"}).exit_code, 0);
  const std::string file = "run/random/seed_0/evaluation/network.json";
  const std::string whole = text_of(folder_ / file);
  write(file, whole + " ");
  const ProgramResult damaged = espalier({"resume", "run", "--quiet"});
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.err, AllOf(HasSubstr("network.json"), HasSubstr("remedy")));
  write(file, whole);
  EXPECT_EQ(espalier({"resume", "run", "--quiet"}).exit_code, 0);
}

TEST_F(EvaluateTest, WhatCannotBeTrainedIsRefusedBeforeTheSearch) {
  const auto refuses = [&](const std::string& assignment, const std::vector<std::string>& says) {
    const ProgramResult result = espalier({"run", "run.yaml", assignment, "--out", "refused", "--quiet"});
    EXPECT_EQ(result.exit_code, 2) << assignment << result.err;
    for (const std::string& part : says) EXPECT_THAT(result.err, HasSubstr(part)) << assignment;
    EXPECT_FALSE(fs::exists(folder_ / "refused")) << assignment;
  };
  refuses("evaluate.batch_size=321", {"a batch has 321 images, but there are only 320", "expected: "});
  refuses("evaluate.epoch=3", {"epoch", "nearest:  epochs"});
  refuses("evaluate={name: discrete}", {"\"discrete\" does not train architectures", "from_scratch"});
  refuses("evaluate={name: one_shot}", {"\"one_shot\" does not train architectures", "from_scratch"});
  refuses("evaluate=5", {"no trainer named '5'"});
  refuses("select={epochs: 1}",
          {"no validation accuracy to select by", "expected: a train_fraction below 1"});
  refuses("select={name: one_shot}", {"\"one_shot\" does not train architectures"});
  refuses("dataset.image_size=16", {"3×16×16", "expected: 3×8×8"});
  refuses("trainer={name: from_scratch}",
          {"\"from_scratch\" does not search", "remedy:   write its options in a section evaluate:"});
  const ProgramResult smoke = espalier({"run", "run.yaml", "--smoke", "--quiet"});
  EXPECT_EQ(smoke.exit_code, 2);
  EXPECT_THAT(smoke.err,
              AllOf(HasSubstr("what its small version is"), HasSubstr("smoke: [trainer.epochs=1]")));
  refuses("smoke=5", {"smoke: is not a list of overrides"});
  write("run.yaml",
        "search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n"
        "trainer: discrete\nevaluate: {}\nseed: 0\n");
  refuses("seed=1", {"there is no dataset", "remedy:   add one"});
}

}  // namespace
}  // namespace espalier::testing
