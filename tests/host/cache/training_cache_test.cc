#include <gmock/gmock.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "espalier/host/run/evaluate.h"
#include "espalier/host/run/resume.h"
#include "host/cache/cache_fixture.h"

// What a run takes from a cache and leaves there.
namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using TrainingCacheTest = CacheTest;

mode_t mode_of(const fs::path& path) {
  struct stat status = {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

TEST_F(TrainingCacheTest, AReusedTrainingLeavesTheBytesOfOneThatRan) {
  run_into("without", config());
  run_into("first", with_cache());
  EXPECT_EQ(trained(), 2U);
  const Summary summary = run_into("second", with_cache());
  EXPECT_EQ(trained(), 2U) << "it was reused";
  EXPECT_THAT(entries(), SizeIs(1));
  const auto without = results_of("without");
  EXPECT_TRUE(without.contains("good/seed_0/evaluation/network.safetensors"));
  EXPECT_TRUE(without.contains("good/seed_0/evaluation/network.json"));
  EXPECT_THAT(differing(results_of("first"), without), IsEmpty());
  EXPECT_THAT(differing(results_of("second"), without), IsEmpty());
  const std::string timing = "good/seed_0/evaluation/timing.csv";
  EXPECT_EQ(read_text(root_ / "second" / timing), read_text(root_ / "first" / timing))
      << "the seconds of the training that ran";
  EXPECT_EQ(read_text(root_ / "first/config.yaml"), read_text(root_ / "second/config.yaml"));
  EXPECT_THAT(read_text(root_ / "first/config.yaml"), HasSubstr("cache: \"" + cache_.string() + "\""));
  EXPECT_DOUBLE_EQ(summary.rows.front().results.front().trained.front().result.test,
                   nlohmann::json::parse(without.at("good/seed_0/evaluation/result.json")).at("test"));
}

TEST_F(TrainingCacheTest, OnlyItsOwnerMayReadIt) {
  run_into("run", with_cache());
  EXPECT_EQ(mode_of(cache_), 0700U);
  for (const fs::path& entry : entries()) {
    EXPECT_EQ(mode_of(entry), 0700U);
    EXPECT_EQ(entry.filename().string().size(), 64U);
    for (const auto& file : fs::directory_iterator(entry)) EXPECT_EQ(mode_of(file.path()), 0600U) << file;
  }
}

TEST_F(TrainingCacheTest, ATrainingIsReusedWhateverTheLabelOfTheSearch) {
  run_into("first", with_cache());
  std::string labelled = with_cache();
  labelled.replace(labelled.find("optimizer: good"), 15, "optimizer: {name: good, label: mine}");
  run_into("second", labelled);
  EXPECT_EQ(trained(), 1U);
  const auto result = nlohmann::json::parse(read_text(root_ / "second/mine/seed_0/evaluation/result.json"));
  EXPECT_EQ(result.at("optimizer"), "mine");
}

TEST_F(TrainingCacheTest, TwoSearchesThatFoundTheSameTrainItOnce) {
  std::string two = with_cache(config("seeds: 5"));
  two.replace(two.find("optimizer: good"), 15, "optimizer: [good, {name: good, label: same}]");
  run_into("run", two);
  EXPECT_EQ(trained(), 1U);
}

TEST_F(TrainingCacheTest, AShortTrainingIsKeptToo) {
  const std::string select = "select: {name: trains, epochs: 1}\n";
  run_into("first", with_cache(config("", select)));
  EXPECT_EQ(trained(), 2U);
  run_into("second", with_cache(config("", select)));
  EXPECT_EQ(trained(), 2U);
  EXPECT_THAT(differing(results_of("second"), results_of("first")), IsEmpty());
}

TEST_F(TrainingCacheTest, AnArchitectureThatIsGivenIsReusedFromASearch) {
  run_into("search", with_cache());
  const auto found = nlohmann::json::parse(read_text(root_ / "search/good/seed_0/result.json"));
  const std::string given =
      "search_space: good\narchitecture: '" + found.at("architecture").get<std::string>() +
      "'\ndataset: sampled\nevaluate: {name: trains}\nseed: 0\ncache: " + cache_.string();
  std::vector<fs::path> folders;
  for (const char* fixture : {"good", "inputs", "trains"})
    folders.push_back(fs::path(paths::fixture_plugins) / fixture);
  PluginRegistry registry(PluginRegistry::search_path(folders));
  evaluate(EvaluateConfig::from(parse_yaml(given, "test.yaml")),
           {.directory = root_ / "given", .quiet = true}, registry);
  EXPECT_EQ(trained(), 1U);
  EXPECT_EQ(read_text(root_ / "given/evaluation/network.safetensors"),
            read_text(root_ / "search/good/seed_0/evaluation/network.safetensors"));
  EXPECT_TRUE(EvaluateConfig::from(begun_run(root_ / "given").config).cache.has_value());
}

TEST_F(TrainingCacheTest, ARunMayBeContinuedWithAndWithoutIt) {
  run_into("run", config());
  const auto results = results_of("run");
  EXPECT_FALSE(fs::exists(cache_));
  run_into("run", with_cache());
  EXPECT_THAT(read_text(root_ / "run/config.yaml"), HasSubstr("cache:"));
  run_into("run", config());
  EXPECT_THAT(read_text(root_ / "run/config.yaml"), Not(HasSubstr("cache:")));
  EXPECT_THAT(differing(results_of("run"), results), IsEmpty());
  EXPECT_EQ(trained(), 1U);
}

TEST_F(TrainingCacheTest, OtherOptionsSeedsAndImagesAreOtherTrainings) {
  run_into("base", with_cache());
  std::size_t expected = 1;
  const auto expect_another = [&](const std::string& name, const std::string& text) {
    run_into(name, text);
    EXPECT_EQ(trained(), ++expected) << name;
    run_into(name + " again", text);
    EXPECT_EQ(trained(), expected) << name;
  };
  expect_another("epochs", with_cache(config("epochs: 4")));
  expect_another("seed", with_cache(config("seeds: 7")));
  expect_another("build", with_cache(config("build: other")));
  write_text(root_ / "read.txt", "one");
  const std::string reading = with_cache(config("file: " + (root_ / "read.txt").string()));
  expect_another("file", reading);
  write_text(root_ / "read.txt", "two");
  expect_another("changed file", reading);
  for (const char* what : {"pixels", "labels", "names"}) {
    ::setenv("ESPALIER_FIXTURE_IMAGES", what, 1);
    expect_another(what, with_cache());
    ::unsetenv("ESPALIER_FIXTURE_IMAGES");
  }
  run_into("base again", with_cache());
  EXPECT_EQ(trained(), expected);
}

TEST_F(TrainingCacheTest, WhatCannotBeRepeatedIsNeitherKeptNorReused) {
  for (const char* directory : {"first", "second"}) run_into(directory, with_cache(config("repeats: false")));
  EXPECT_EQ(trained(), 2U);
  EXPECT_THAT(entries(), IsEmpty());
}

/// Leaves a checkpoint in the middle of the training.
void fail_in_the_middle(const std::function<void()>& run) {
  ::setenv("ESPALIER_FIXTURE_FAILS_AT", "2", 1);
  EXPECT_THAT(message_of<Error>(run), HasSubstr("the power fails"));
  ::unsetenv("ESPALIER_FIXTURE_FAILS_AT");
}

// Another build, or another machine, may have begun it.
TEST_F(TrainingCacheTest, ATrainingThatWentOnFromACheckpointIsNotKept) {
  fail_in_the_middle([&] { run_into("run", with_cache()); });
  EXPECT_TRUE(fs::exists(root_ / "run/good/seed_0/evaluation/checkpoint.cbor"));
  EXPECT_THAT(entries(), IsEmpty());
  run_into("run", with_cache());
  EXPECT_TRUE(fs::exists(root_ / "run/good/seed_0/evaluation/result.json"));
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(TrainingCacheTest, ACheckpointGivesWayToATrainingThatIsFinished) {
  fail_in_the_middle([&] { run_into("run", with_cache()); });
  run_into("other", with_cache());
  EXPECT_THAT(entries(), SizeIs(1));
  EXPECT_EQ(trained(), 2U);
  run_into("run", with_cache());
  EXPECT_EQ(trained(), 2U);
  EXPECT_THAT(differing(results_of("run"), results_of("other")), IsEmpty());
}

TEST_F(TrainingCacheTest, AKillWhileATrainingIsTakenOverIsMended) {
  run_into("run", with_cache());
  const auto whole = results_of("run");
  const fs::path folder = root_ / "run/good/seed_0/evaluation";
  fs::remove(folder / "result.json");
  write_text(folder / "events.jsonl", read_text(folder / "events.jsonl").substr(0, 20));
  fs::remove(folder / "network.json");
  run_into("run", with_cache());
  EXPECT_EQ(trained(), 1U);
  EXPECT_THAT(differing(results_of("run"), whole), IsEmpty());
}

}  // namespace
}  // namespace espalier::host::testing
