#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "espalier/errors/errors.h"
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
using testing::write_text;
namespace fs = std::filesystem;
using json = nlohmann::json;

/// Runs with the fixtures that are benchmarks of a kind that no bundled one is.
class FixtureRunTest : public testing::RunTest {
 protected:
  Summary run_with_fixtures(const std::string& text, const fs::path& directory) {
    const fs::path fixtures = paths::fixture_plugins;
    PluginRegistry registry(
        PluginRegistry::search_path({fixtures / "measures", fixtures / "components", fixtures / "good"}));
    return run(testing::config_of(text),
               {.directory = directory, .quiet = true, .checkpoint_interval = std::chrono::seconds(0)},
               registry);
  }
  static std::string config(const std::string& benchmark, const std::string& optimizer = "random_search") {
    return "search_space: good\noptimizer: " + optimizer + "\nbenchmark: " + benchmark +
           "\ntrainer: {name: discrete, trials: 12}\nseeds: 0..1\n";
  }
};

class PreparationTest : public FixtureRunTest {};

TEST_F(PreparationTest, IsAPhaseWhoseResultIsKept) {
  run_with_fixtures(config("{name: prepared, steps: 5}"), root_ / "run");
  const fs::path folder = root_ / "run/preparation/prepared";
  EXPECT_EQ(read_text(folder / "prepared.bin"), "50");
  EXPECT_EQ(json::parse(read_text(folder / "result.json")).at("bytes"), 2);
  const json found = json::parse(read_text(root_ / "run/random_search/seed_0/result.json"));
  EXPECT_GE(found.at("values").at("validation_accuracy"), 50.0);
}

TEST_F(PreparationTest, ThatWasStoppedContinuesToTheSameRun) {
  const std::string text = config("{name: prepared, steps: 2000}");
  testing::Child child([&] {
    std::signal(SIGUSR1, [](int) { request_stop(); });
    try {
      run_with_fixtures(text, root_ / "stopped");
    } catch (const Interrupted&) {
      return 3;
    }
    return 0;
  });
  const fs::path checkpoint = root_ / "stopped/preparation/prepared/checkpoint.cbor";
  while (child.running() && !fs::exists(checkpoint)) ::usleep(1000);
  child.signal(SIGUSR1);
  ASSERT_EQ(child.wait(), 3) << "it was stopped in its preparation";
  EXPECT_FALSE(fs::exists(root_ / "stopped/preparation/prepared/result.json"));
  EXPECT_FALSE(fs::exists(root_ / "stopped/random_search"));
  run_with_fixtures(text, root_ / "stopped");
  run_with_fixtures(text, root_ / "whole");
  EXPECT_EQ(files_of(root_ / "stopped"), files_of(root_ / "whole"));
}

TEST_F(PreparationTest, ThatIsDamagedIsRefused) {
  run_with_fixtures(config("prepared"), root_ / "run");
  write_text(root_ / "run/preparation/prepared/prepared.bin", "fourty");
  EXPECT_THAT(message_of<Error>([&] { run_with_fixtures(config("prepared"), root_ / "run"); }),
              AllOf(HasSubstr("prepared.bin holds something else"), HasSubstr("remove ")));
  fs::remove(root_ / "run/preparation/prepared/prepared.bin");
  EXPECT_THAT(message_of<Error>([&] { run_with_fixtures(config("prepared"), root_ / "run"); }),
              HasSubstr("prepared.bin"));
}

class MeasurementTest : public FixtureRunTest {
 protected:
  MeasurementTest() { ::setenv("ESPALIER_FIXTURE_CLOCK", (root_ / "clock").c_str(), 1); }
  ~MeasurementTest() override { ::unsetenv("ESPALIER_FIXTURE_CLOCK"); }
};

TEST_F(MeasurementTest, IsTakenOnceForEachArchitectureAndKeptForTheRun) {
  run_with_fixtures(config("clock"), root_ / "run");
  const std::string measured = read_text(root_ / "run/measurements.jsonl");
  EXPECT_EQ(std::ranges::count(measured, '\n'), 2) << "the space has two architectures";
  EXPECT_EQ(fs::file_size(root_ / "clock"), 2U) << "24 trials, two questions";
  const auto files = files_of(root_ / "run");

  // As after a kill between the last checkpoint and the end: the searches are gone, the measurements stay.
  for (const char* seed : {"seed_0", "seed_1"})
    fs::remove(root_ / "run/random_search" / seed / "result.json");
  run_with_fixtures(config("clock"), root_ / "run");
  EXPECT_EQ(files_of(root_ / "run"), files);
  EXPECT_EQ(fs::file_size(root_ / "clock"), 2U) << "not measured again";
}

TEST_F(MeasurementTest, ThatWasCutShortIsTakenAgain) {
  run_with_fixtures(config("clock"), root_ / "run");
  for (const char* seed : {"seed_0", "seed_1"})
    fs::remove(root_ / "run/random_search" / seed / "result.json");
  const fs::path file = root_ / "run/measurements.jsonl";
  const std::string text = read_text(file);
  write_text(file, text.substr(0, text.size() - 3));
  run_with_fixtures(config("clock"), root_ / "run");
  EXPECT_EQ(fs::file_size(root_ / "clock"), 3U);
  EXPECT_EQ(std::ranges::count(read_text(file), '\n'), 2);
}

TEST_F(MeasurementTest, ThatIsDamagedIsRefused) {
  run_with_fixtures(config("clock"), root_ / "run");
  const fs::path file = root_ / "run/measurements.jsonl";
  write_text(file, "{\"architecture\": 3}\n" + read_text(file));
  EXPECT_THAT(message_of<Error>([&] { run_with_fixtures(config("clock"), root_ / "run"); }),
              AllOf(HasSubstr("measurements.jsonl:1"), HasSubstr("not usable")));
}

class ComponentRunTest : public FixtureRunTest {
 protected:
  std::string refusal(const std::string& optimizer) {
    return message_of<UsageError>([&] { run_with_fixtures(config("good", optimizer), root_ / "run"); });
  }
};

TEST_F(ComponentRunTest, IsMadeResolvedAndRecorded) {
  run_with_fixtures(config("good", "{name: holder, inner: {name: good, first: true}}"), root_ / "run");
  const std::string resolved = read_text(root_ / "run/config.yaml");
  EXPECT_THAT(resolved, AllOf(HasSubstr("judge:\n"), HasSubstr("name: good"), HasSubstr("first: true")));
  const json environment = json::parse(read_text(root_ / "run/environment.json"));
  EXPECT_TRUE(environment.at("plugins").contains("benchmark/good"));
  EXPECT_TRUE(environment.at("plugins").contains("optimizer/good"));
  run_with_fixtures(resolved, root_ / "again");
  EXPECT_EQ(files_of(root_ / "run"), files_of(root_ / "again"));
}

TEST_F(ComponentRunTest, MistakesNameTheLineOfTheConfig) {
  EXPECT_THAT(refusal("{name: holder, inner: {name: good, frist: true}}"),
              AllOf(HasSubstr("optimizer.inner: unknown option 'frist'"), HasSubstr("test.yaml:2:"),
                    HasSubstr("first")));
  EXPECT_THAT(refusal("{name: holder, inner: god}"),
              AllOf(HasSubstr("no optimizer named 'god'"), HasSubstr("test.yaml:2:")));
  EXPECT_THAT(refusal("{name: holder, judge: random_search}"),
              AllOf(HasSubstr("no benchmark named 'random_search'"),
                    HasSubstr("'random_search' is a plugin of the kind optimizer; name a benchmark"),
                    HasSubstr("test.yaml:2:")));
  EXPECT_THAT(refusal("{name: holder, inner: [good]}"), HasSubstr("a list where one plugin belongs"));
  EXPECT_THAT(refusal("{name: holder, inner: {name: good, label: mine}}"), HasSubstr("has no label"));
}

TEST_F(ComponentRunTest, OneThatHoldsItselfIsRefused) {
  EXPECT_THAT(refusal("endless"),
              AllOf(HasSubstr("optimizer.inner"), HasSubstr("\"endless\" would hold itself")));
  EXPECT_THAT(refusal("{name: holder, inner: {name: holder, inner: good}}"), HasSubstr("would hold itself"));
}

}  // namespace
}  // namespace espalier::host
