#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "checkpoint_bytes.h"
#include "espalier/errors/errors.h"
#include "espalier/host/run/run.h"
#include "espalier/search/trainer.h"
#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int interrupted = 130;

std::size_t count(const fs::path& directory, const std::string& name) {
  std::size_t found = 0;
  std::error_code ignored;  // files come and go meanwhile
  fs::recursive_directory_iterator entry(directory, ignored);
  for (; !ignored && entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
    found += entry->path().filename() == name ? 1 : 0;
  }
  return found;
}

/// Until the child has written something new, so that a series of kills comes to an end.
void wait_for_progress(Child& child, const fs::path& directory) {
  const std::size_t results = count(directory, "result.json");
  while (child.running() && count(directory, "result.json") <= results) {
    if (count(directory, "checkpoint.cbor") > 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

class KillTest : public RunTest, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(KillTest, KilledAtAnyMomentItEndsInTheSameFiles) {
  const std::string config = config_text("0..2", 200);
  // In a child as well: this process has no threads when it forks.
  ASSERT_EQ(Child([&] { return run_quietly(config, root_ / "undisturbed", 1), 0; }).wait(), 0);
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  int longest_delay = 30'000;
  int kills = 0;
  for (int attempt = 0; attempt < 100 && kills < 8; ++attempt) {
    Child child([&] { return run_quietly(config, root_ / "killed", GetParam()), 0; });
    wait_for_progress(child, root_ / "killed");
    std::uniform_int_distribution<int> delay(0, longest_delay);
    std::this_thread::sleep_for(std::chrono::microseconds(delay(random)));
    child.signal(SIGKILL);
    const int status = child.wait();
    if (status == 0) {
      if (kills > 0) break;
      // It was done before the kill came: the machine is fast, so strike earlier.
      longest_delay /= 2;
      fs::remove_all(root_ / "killed");
      continue;
    }
    ASSERT_EQ(status, -SIGKILL);
    ++kills;
  }
  EXPECT_GT(kills, 0);
  ASSERT_EQ(Child([&] { return run_quietly(config, root_ / "killed", GetParam()), 0; }).wait(), 0);
  EXPECT_EQ(files_of(root_ / "killed"), files_of(root_ / "undisturbed"));
}

INSTANTIATE_TEST_SUITE_P(Jobs, KillTest, ::testing::Values(1, 4));

using ResumeTest = RunTest;

/// A directory whose first search was interrupted, its checkpoint there.
void interrupt_run(const std::string& config, const fs::path& directory) {
  for (int attempt = 0; attempt < 50; ++attempt) {
    Child child([&] {
      ::signal(SIGINT, [](int) { request_stop(); });
      try {
        run_quietly(config, directory, 1, true);
      } catch (const Interrupted&) {
        return interrupted;
      }
      return 0;
    });
    while (child.running() && count(directory, "checkpoint.cbor") == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    child.signal(SIGINT);
    if (child.wait() == interrupted && count(directory, "checkpoint.cbor") > 0) return;
  }
  FAIL() << "the run was never interrupted in the middle of a search";
}

fs::path find_checkpoint(const fs::path& directory) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.path().filename() == "checkpoint.cbor") return entry.path();
  }
  return {};
}

TEST_F(ResumeTest, StoppedByCtrlCItGoesOnFromItsCheckpoint) {
  const std::string config = config_text("0..1", 400);
  interrupt_run(config, root_ / "stopped");
  run_quietly(config, root_ / "stopped", 2);
  run_quietly(config, root_ / "undisturbed", 2);
  EXPECT_EQ(files_of(root_ / "stopped"), files_of(root_ / "undisturbed"));
}

TEST_F(ResumeTest, LeftoversOfAKillAreRemoved) {
  const std::string config = config_text("0..1");
  run_quietly(config, root_);
  const auto files = files_of(root_);
  const fs::path folder = root_ / "random_search" / "seed_1";
  write_text(root_ / "config.yaml.tmp", "half");
  write_text(root_ / "summary.json.tmp", "half");
  write_text(folder / "result.json.tmp", "{\"hal");
  write_text(folder / "checkpoint.cbor", "{\"left between the result and its removal");
  fs::remove(root_ / "summary.json");
  run_quietly(config, root_);
  EXPECT_EQ(files_of(root_), files);
}

TEST_F(ResumeTest, AKillBeforeTheConfigWasWrittenIsNoObstacle) {
  write_text(root_ / "run.lock", "");
  write_text(root_ / "config.yaml.tmp", "search_spa");
  run_quietly(config_text("0"), root_);
  EXPECT_FALSE(fs::exists(root_ / "config.yaml.tmp"));
  EXPECT_EQ(count(root_, "result.json"), 3U);
}

TEST_F(ResumeTest, ADamagedCheckpointIsRefusedByName) {
  const std::string config = config_text("0..1", 400);
  interrupt_run(config, root_);
  const fs::path checkpoint = find_checkpoint(root_);
  ASSERT_FALSE(checkpoint.empty());
  const std::string good = read_text(checkpoint);
  using espalier::testing::from_checkpoint;
  using espalier::testing::sealed;
  using espalier::testing::to_checkpoint;
  auto foreign = from_checkpoint(good);
  foreign["of"]["seed"] = 77;
  auto longer = from_checkpoint(good);
  longer["events"] = 1'000'000;
  auto of_another_plugin = from_checkpoint(good);
  ASSERT_EQ(of_another_plugin["state"]["optimizer"].erase("asked"), 1U);
  constexpr std::size_t many = 1'000'000;
  const std::string nested_lists(many, '\x81');
  const std::string nested_texts(many, '\x7f');
  for (const std::string& bad :
       {good.substr(0, good.size() / 2), std::string(), std::string("[]"), good + "x", nested_lists,
        sealed(nested_lists), sealed(nested_texts), to_checkpoint(foreign), to_checkpoint(longer),
        to_checkpoint(of_another_plugin)}) {
    write_text(checkpoint, bad);
    const std::string message = message_of<Error>([&] { run_quietly(config, root_); });
    EXPECT_THAT(message, AllOf(HasSubstr("checkpoint"), HasSubstr("remove " + checkpoint.string()),
                               HasSubstr("seed")));
  }
  fs::remove(checkpoint);
  run_quietly(config, root_ / "undisturbed");
  fs::rename(root_ / "undisturbed", root_.string() + "-undisturbed");
  run_quietly(config, root_);
  EXPECT_EQ(files_of(root_), files_of(root_.string() + "-undisturbed"));
  fs::remove_all(root_.string() + "-undisturbed");
}

TEST_F(ResumeTest, ADamagedResultIsRefusedByName) {
  const std::string config = config_text("0..1");
  run_quietly(config, root_);
  const auto files = files_of(root_);
  const fs::path result = root_ / "local_search" / "seed_1" / "result.json";
  for (const std::string& bad :
       {std::string("{"), std::string("{}"), read_text(root_ / "local_search/seed_0/result.json")}) {
    write_text(result, bad);
    EXPECT_THAT(message_of<Error>([&] { run_quietly(config, root_); }),
                AllOf(HasSubstr(result.string()), HasSubstr("remove " + result.string())));
  }
  fs::remove(result);
  run_quietly(config, root_);
  EXPECT_EQ(files_of(root_), files);
}

TEST_F(ResumeTest, TwoProcessesDoNotShareADirectory) {
  // Holds the directory while it runs: a run that takes as long as it is needed.
  const std::string config = config_text("0..999", 1000);
  Child first([&] { return run_quietly(config, root_), 0; });
  while (first.running() && count(root_, "checkpoint.cbor") + count(root_, "result.json") == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const std::string message = message_of<Error>([&] { run_quietly(config, root_); });
  first.signal(SIGKILL);
  first.wait();
  EXPECT_THAT(message, AllOf(HasSubstr("another process"), HasSubstr(root_.string()), HasSubstr("--out")));
}

}  // namespace
}  // namespace espalier::host::testing
