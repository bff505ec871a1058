#include <gmock/gmock.h>

#include <regex>
#include <sstream>

#include "host/program/expect_one_error.h"
#include "network/training/evaluate_fixture.h"
#include "paths.h"

// The options of trainings in runs of the program.
namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

class TrainingOptionsRun : public EvaluateTest {
 protected:
  ProgramResult evaluate(std::vector<std::string> more, const std::string& out = "out") const {
    std::vector<std::string> arguments = {"evaluate",    kCell,      "epochs=2", "threads=1", "batch_size=32",
                                          "drop_path=0", "cutout=0", "--space",  kSpace,      "--dataset",
                                          kData,         "--out",    out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return espalier(arguments);
  }
  std::vector<json> events(const std::string& out) const {
    std::vector<json> all;
    std::istringstream lines(text_of(folder_ / out / "evaluation/events.jsonl"));
    for (std::string line; std::getline(lines, line);) all.push_back(json::parse(line));
    return all;
  }
};

TEST_F(TrainingOptionsRun, AnEarlierTrainingGivesTheFirstWeights) {
  ASSERT_EQ(evaluate({}, "first").exit_code, 0);
  const ProgramResult second = evaluate({"init_from=first"}, "second");
  ASSERT_EQ(second.exit_code, 0) << second.err;
  const json event = events("second").front();
  EXPECT_GT(event.at("taken_parameters"), 10);
  EXPECT_EQ(event.at("fresh_parameters"), 0);
  EXPECT_LT(event.at("train_loss"), events("first").front().at("train_loss"));
  EXPECT_THAT(text_of(folder_ / "second/inputs.json"), HasSubstr("trainer/from_scratch network.safetensors"));
}

TEST_F(TrainingOptionsRun, ARunIsNotContinuedOverOtherFirstWeights) {
  ASSERT_EQ(evaluate({}, "first").exit_code, 0);
  const std::vector<std::string> twice = {"init_from=first", "seeds=0..1", "--quiet"};
  ASSERT_EQ(evaluate(twice, "second").exit_code, 0);
  fs::remove(folder_ / "second/evaluation/seed_1/result.json");
  const fs::path weights = folder_ / "first/evaluation/network.safetensors";
  std::string other = text_of(weights);
  other.back() = static_cast<char>(other.back() ^ 1);
  write("first/evaluation/network.safetensors", other);
  expect_one_error(evaluate(twice, "second"), 2, {"began with something else", "network.safetensors"});
}

TEST_F(TrainingOptionsRun, PatienceIsWrittenIntoTheEventsOfEachEpoch) {
  const ProgramResult run = evaluate({"patience=1", "train_fraction=0.5", "epochs=30", "learning_rate=0"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_LT(events("out").size(), 30U);
  const json last = events("out").back();
  EXPECT_EQ(last.at("best_epoch").get<std::size_t>() + 1, events("out").size());
  const json result = this->result("out", "evaluation/result.json");
  EXPECT_EQ(result.at("validation"), events("out").at(events("out").size() - 2).at("validation_accuracy"));
}

TEST_F(TrainingOptionsRun, MinutesAreSaidAndTheNumberOfEpochsIsWritten) {
  const ProgramResult run = evaluate({"minutes=0.000001", "epochs=9"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.err, AllOf(HasSubstr("as many epochs as fit into"), HasSubstr("at most 9")));
  ASSERT_EQ(events("out").size(), 1U);
  EXPECT_EQ(events("out").front().at("epochs"), 1);
}

/// As a cell of a table of docs/training.md: lines joined, and the folder left out.
std::string as_documented(std::string text, const std::string& folder) {
  text = std::regex_replace(text, std::regex("\n +"), "<br>");
  text = std::regex_replace(text, std::regex(" +"), " ");
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder))
    text.replace(at, folder.size(), "");
  return text.substr(0, text.find('\n'));
}

TEST_F(TrainingOptionsRun, RefusalsAreAsDocumented) {
  const std::string document = text_of(fs::path(paths::source) / "docs/training.md");
  const std::vector<std::vector<std::string>> refused = {{"patience=3"},
                                                         {"warm_up_epochs=2"},
                                                         {"weights_optimizer=adamw", "momentum=1"},
                                                         {"class_weights=balanced", "sampling=balanced"},
                                                         {"init_from=nowhere"}};
  for (const std::vector<std::string>& options : refused) {
    const ProgramResult result = evaluate(options);
    EXPECT_EQ(result.exit_code, 2);
    std::string cell = options[0];
    if (options.size() > 1) cell += " " + options[1];
    EXPECT_THAT(document, HasSubstr("| `" + cell + "` | " +
                                    as_documented(result.err, fs::canonical(folder_).string() + "/") + " |"));
  }
}

TEST_F(TrainingOptionsRun, WhatCannotWorkIsRefusedBeforeASearch) {
  fs::create_directory(folder_ / "empty");
  expect_one_error(evaluate({"init_from=empty"}), 2, {"empty", "there are 0 trainings in this folder"});
  expect_one_error(
      evaluate({"patience=3"}), 2,
      {"command line (patience=3)", "patience needs held-out images", "a train_fraction below 1"});
  expect_one_error(evaluate({"warm_up_epochs=2"}), 2, {"command line (warm_up_epochs=2)", "2 of 2 epochs"});
  expect_one_error(evaluate({"init_from=nowhere.safetensors"}), 2, {"nowhere.safetensors", "no such file"});
  write("other.safetensors", "no archive");
  expect_one_error(evaluate({"init_from=other.safetensors", "--quiet"}), 1,
                   {"other.safetensors", "other.safetensors"});
  const ProgramResult selection = espalier(
      {"run", "run.yaml", "select={minutes: 1, train_fraction: 0.5, batch_size: 32}", "--out", "selected"});
  expect_one_error(selection, 2, {"command line (select=", "do not compare", "instead of minutes"});
  EXPECT_FALSE(fs::exists(folder_ / "selected/random/seed_0/result.json"));
}

}  // namespace
}  // namespace espalier::testing
