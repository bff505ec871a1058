#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "network/training/evaluate_fixture.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPython = "/usr/bin/python3";

/// `espalier export` and `espalier predict` with a network that was trained for a second.
class ExportCommand : public EvaluateTest {
 protected:
  void SetUp() override {
    EvaluateTest::SetUp();
    const ProgramResult trained =
        espalier({"evaluate", kCell, "epochs=3", "batch_size=32", "threads=1", "learning_rate=0.1", "--space",
                  kSpace, "--dataset", kData, "--out", "trained", "--quiet"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    EXPECT_THAT(trained.out, HasSubstr("espalier export trained -o trained-network"));
  }

  ProgramResult exported(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "export");
    return espalier(arguments, {{"PYTHONPATH", (fs::path(paths::source) / "build/onnxruntime").string()}});
  }
  std::string refusal(const ProgramResult& result, int code) const {
    EXPECT_EQ(result.exit_code, code) << result.out;
    return result.err;
  }
};

TEST_F(ExportCommand, WritesFilesThatComputeTheSameWithTheRecordedAccuracy) {
  const ProgramResult result = exported({"trained", "-o", "net", "--verify", "--python", kPython, "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  const double recorded = this->result("trained", "evaluation/result.json").at("test").get<double>();
  ASSERT_EQ(json.at("formats").size(), 4U);
  for (const auto& format : json.at("formats")) {
    EXPECT_LE(format.at("difference").get<double>(),
              1e-5 * std::max(1.0, json.at("largest_logit").get<double>()));
    EXPECT_NEAR(format.at("test_accuracy").get<double>(), recorded, 1e-9) << format;
  }
  for (const char* name : {"model.py", "weights.pt", "predict.py", "model.pt", "predict.cc", "CMakeLists.txt",
                           "preprocess.h", "model.onnx", "predict_onnx.py", "weights.safetensors",
                           "preprocess.json", "README.md", "export.json"})
    EXPECT_TRUE(fs::exists(folder_ / "net" / name)) << name;
  EXPECT_FALSE(fs::exists(folder_ / "net/__pycache__"));
  EXPECT_THAT(text_of(folder_ / "net/model.py"), AllOf(HasSubstr("nn.Conv2d("), Not(HasSubstr("espalier"))));
}

TEST_F(ExportCommand, ReplacesItsOwnFolderAndNoOther) {
  ASSERT_EQ(exported({"trained", "-o", "net", "--no-verify"}).exit_code, 0);
  ASSERT_EQ(exported({"trained", "-o", "net", "--no-verify", "--format", "onnx"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(folder_ / "net/model.onnx"));
  EXPECT_FALSE(fs::exists(folder_ / "net/model.py"));
  write("mine.txt", "mine");
  EXPECT_THAT(refusal(exported({"trained", "-o", ".", "--no-verify"}), 2),
              HasSubstr("something other than an export"));
  EXPECT_THAT(refusal(exported({"trained", "-o", "mine.txt", "--no-verify"}), 1),
              HasSubstr("cannot make the folder"));
}

TEST_F(ExportCommand, RefusesWhatItCannotDo) {
  EXPECT_THAT(refusal(exported({"trained", "-o", "net", "--format", "onxx"}), 2),
              AllOf(HasSubstr("there is no format \"onxx\""), HasSubstr("onnx")));
  EXPECT_THAT(refusal(exported({"nowhere", "-o", "net"}), 2), HasSubstr("there is no such run"));
  EXPECT_THAT(refusal(exported({".", "-o", "net"}), 2), HasSubstr("this is no part of a run"));
  EXPECT_THAT(refusal(exported({"trained", "-o", "net", "--verify", "--python", "no-such-python"}), 2),
              HasSubstr("there is no no-such-python with numpy"));
  write("search.yaml", std::string("search_space: ") + kSpace +
                           "\noptimizer: random_search\nbenchmark: nasbench201\n"
                           "trainer: {name: discrete, trials: 5}\nseed: 0\n");
  ASSERT_EQ(espalier({"run", "search.yaml", "--out", "searched", "--quiet"}).exit_code, 0);
  EXPECT_THAT(refusal(exported({"searched", "-o", "net"}), 2),
              AllOf(HasSubstr("this run has trained no network"), HasSubstr("espalier resume searched")));
}

TEST_F(ExportCommand, ARunWithSeveralNetworksNeedsTheFolderOfOne) {
  ASSERT_EQ(espalier({"run", "run.yaml", "--out", "two", "--quiet"}).exit_code, 0);
  EXPECT_THAT(refusal(exported({"two", "-o", "net"}), 2),
              AllOf(HasSubstr("this run has 2 trained networks"), HasSubstr("random/seed_0/evaluation")));
  EXPECT_EQ(exported({"two/random/seed_1/evaluation", "-o", "net", "--no-verify"}).exit_code, 0);
  EXPECT_EQ(exported({"two/random/seed_1/evaluation/result.json", "-o", "net", "--no-verify"}).exit_code, 0);
  fs::remove(folder_ / "two/random/seed_0/evaluation/result.json");
  fs::remove(folder_ / "two/random/seed_1/evaluation/result.json");
  EXPECT_THAT(refusal(exported({"two", "-o", "net"}), 2), HasSubstr("no training of this run is finished"));
}

TEST_F(ExportCommand, DamagedWeightsAreNotExported) {
  const fs::path weights = folder_ / "trained/evaluation/network.safetensors";
  std::string bytes = text_of(weights);
  bytes.back() ^= 1;
  write("trained/evaluation/network.safetensors", bytes);
  EXPECT_THAT(refusal(exported({"trained", "-o", "net", "--no-verify"}), 1), HasSubstr("is gone or damaged"));
  fs::remove(weights);
  EXPECT_THAT(refusal(exported({"trained", "-o", "net", "--no-verify"}), 1), HasSubstr("is gone or damaged"));
}

TEST_F(ExportCommand, WhatAOneShotSearchFoundHasTheWeightsOfItsSupernet) {
  write("search.yaml",
        std::string("search_space: ") + kSpace + "\ndataset: " + kData +
            "\noptimizer: gdas\ntrainer: {name: one_shot, epochs: 2, batch_size: 32, threads: 1}\nseed: 0\n");
  ASSERT_EQ(espalier({"run", "search.yaml", "--out", "searched", "--quiet"}).exit_code, 0);
  EXPECT_THAT(refusal(exported({"searched", "-o", "net", "--no-verify"}), 2),
              HasSubstr("this run has trained no network"));
  const ProgramResult inherited =
      exported({"searched", "-o", "net", "--inherited", "--verify", "--python", kPython, "--json"});
  ASSERT_EQ(inherited.exit_code, 0) << inherited.err;
  const auto json = nlohmann::json::parse(inherited.out);
  EXPECT_EQ(json.at("architecture"), result("searched", "gdas/seed_0/result.json").at("architecture"));
  for (const auto& format : json.at("formats"))
    EXPECT_EQ(format.at("test_accuracy"), json.at("test_accuracy")) << format;
  EXPECT_THAT(refusal(exported({"trained", "-o", "other", "--inherited"}), 2),
              HasSubstr("holds no finished search that left a supernet"));
}

/// A directory from elsewhere may name a folder with a plugin that does harm.
TEST_F(ExportCommand, NoPluginLoadsFromAFolderThatOnlyTheRunNames) {
  const std::string examples = std::string(paths::build) + "/examples";
  if (!fs::exists(examples + "/search_space_tiny_space.so"))
    GTEST_SKIP() << "sanitizer builds have no examples";
  ASSERT_EQ(
      espalier({"evaluate", "cell.edge_1_2=relu_conv_bn_3x3;cell.edge_1_3=identity;cell.edge_2_3=identity",
                "epochs=1", "batch_size=32", "threads=1", "--space", "tiny_space", "--dataset",
                "{name: synthetic, image_size: 32, classes: 10, train_size: 64, test_size: 16}", "--out",
                "foreign", "--quiet", "--plugin-path", examples})
          .exit_code,
      0);
  EXPECT_THAT(
      refusal(exported({"foreign", "-o", "net", "--no-verify"}), 1),
      AllOf(HasSubstr("no search space named 'tiny_space'"),
            HasSubstr("if you trust the plugins of this run"), HasSubstr(examples), Not(HasSubstr("?"))));
  EXPECT_EQ(exported({"foreign", "-o", "net", "--no-verify", "--plugin-path", examples}).exit_code, 0);
}

TEST_F(ExportCommand, TheConfusionMatrixAddsUp) {
  const auto json = result("trained", "evaluation/result.json");
  std::uint64_t correct = 0;
  std::uint64_t images = 0;
  for (std::size_t label = 0; label < json.at("classes").size(); ++label) {
    const auto& row = json.at("classes").at(label);
    const auto predicted = row.at("predicted").get<std::vector<std::uint64_t>>();
    ASSERT_EQ(predicted.size(), 4U);
    std::uint64_t sum = 0;
    for (const std::uint64_t count : predicted) sum += count;
    EXPECT_EQ(sum, row.at("images").get<std::uint64_t>());
    EXPECT_EQ(predicted[label], row.at("correct").get<std::uint64_t>());
    correct += predicted[label];
    images += sum;
  }
  EXPECT_NEAR(100.0 * static_cast<double>(correct) / static_cast<double>(images),
              json.at("test").get<double>(), 1e-9);
}

}  // namespace
}  // namespace espalier::testing
