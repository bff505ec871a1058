#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "host/run/run_fixture.h"
#include "paths.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using RunFailureTest = RunTest;

constexpr int skipped = 77;

/// Runs in a child, which writes the error's message to `report`: 1 for an Error, 0 for none.
int run_and_report(const std::string& config, const fs::path& directory, const fs::path& report) {
  try {
    run_quietly(config, directory);
  } catch (const Error& error) {
    const std::string message = error.what();
    const int file = ::open(report.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const bool written =
        ::write(file, message.data(), message.size()) == static_cast<ssize_t>(message.size());
    ::close(file);
    return written ? 1 : 2;
  }
  return 0;
}

bool results_are_whole(const fs::path& directory) {
  for (const auto& [name, text] : files_of(directory)) {
    if (fs::path(name).filename() == "result.json" && !nlohmann::json::accept(text)) return false;
  }
  return true;
}

TEST_F(RunFailureTest, AFileThatCannotGrowIsReportedAndTheRunCompletesLater) {
  const std::string config = config_text("0..1", 300);
  const fs::path directory = root_ / "run";
  const fs::path report = root_ / "report";
  Child child([&] {
    ::signal(SIGXFSZ, SIG_IGN);  // as on a full disk, write() then fails
    constexpr rlim_t limit = 8192;
    const rlimit limits{.rlim_cur = limit, .rlim_max = limit};
    if (::setrlimit(RLIMIT_FSIZE, &limits) != 0) return skipped;
    return run_and_report(config, directory, report);
  });
  ASSERT_EQ(child.wait(), 1);
  EXPECT_THAT(read_text(report), AllOf(HasSubstr("events.jsonl"), HasSubstr("File too large"),
                                       HasSubstr("ulimit -f"), HasSubstr("random_search with seed 0")));
  EXPECT_TRUE(results_are_whole(directory));
  run_quietly(config, directory);
  run_quietly(config, root_ / "undisturbed");
  EXPECT_EQ(files_of(directory), files_of(root_ / "undisturbed"));
}

TEST_F(RunFailureTest, AFullDiskLosesNoFinishedResult) {
  const fs::path disk = root_ / "disk";
  const fs::path report = root_ / "report";
  fs::create_directory(disk);
  const std::string config = config_text("0..9", 200);
  Child child([&] {
    if (!mount_small_disk(disk)) return skipped;
    const int code = run_and_report(config, disk / "run", report);
    if (code != 1) return code + 10;
    const auto before = files_of(disk / "run");
    std::size_t results = 0;
    for (const auto& [name, text] : before) results += fs::path(name).filename() == "result.json" ? 1 : 0;
    if (results == 0 || results == 30) return 20;
    if (!results_are_whole(disk / "run")) return 21;
    if (::mount("none", disk.c_str(), "tmpfs", MS_REMOUNT, "size=20m") != 0) return 22;
    run_quietly(config, disk / "run");
    const auto after = files_of(disk / "run");
    for (const auto& [name, text] : before) {
      const bool finished = fs::path(name).filename() == "result.json";
      if (finished && after.at(name) != text) return 23;
    }
    run_quietly(config, disk / "undisturbed");
    return after == files_of(disk / "undisturbed") ? 0 : 24;
  });
  const int status = child.wait();
  if (status == skipped) GTEST_SKIP() << "no user namespaces here";
  ASSERT_EQ(status, 0);
  EXPECT_THAT(read_text(report),
              AllOf(HasSubstr("No space left"), HasSubstr("free some space"), HasSubstr("seed")));
}

TEST_F(RunFailureTest, AFileInPlaceOfTheDirectoryIsRefused) {
  write_text(root_ / "file", "mine");
  for (const fs::path& path : {root_ / "file", root_ / "file" / "run"}) {
    EXPECT_THAT(message_of<Error>([&] { run_quietly(config_text("0"), path); }),
                AllOf(HasSubstr((root_ / "file").string()), HasSubstr("--out")));
  }
  EXPECT_EQ(read_text(root_ / "file"), "mine");
}

TEST_F(RunFailureTest, ADirectoryWithoutWriteAccessIsRefused) {
  const fs::path report = root_ / "report";
  const fs::path closed = root_ / "closed";
  write_text(report, "");
  fs::create_directories(closed / "existing");
  fs::permissions(root_, fs::perms::all);
  fs::permissions(report, fs::perms::all);
  fs::permissions(closed / "existing", fs::perms::owner_read | fs::perms::owner_exec |
                                           fs::perms::others_read | fs::perms::others_exec);
  fs::permissions(closed, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                              fs::perms::others_exec);
  for (const char* name : {"new", "existing"}) {
    Child child([&] {
      constexpr uid_t nobody = 65534;
      if (::geteuid() == 0 && ::seteuid(nobody) != 0) return skipped;
      return run_and_report(config_text("0"), closed / name, report);
    });
    const int status = child.wait();
    if (status == skipped) GTEST_SKIP() << "root cannot become another user here";
    ASSERT_EQ(status, 1);
    EXPECT_THAT(read_text(report),
                AllOf(HasSubstr("Permission denied"), HasSubstr(name), HasSubstr("--out")));
  }
  fs::permissions(closed, fs::perms::all);
  fs::permissions(closed / "existing", fs::perms::all);
}

TEST_F(RunFailureTest, AFailedSearchLeavesTheOthersResults) {
  const std::string config = config_text("0..5");
  // The search of one seed cannot write: the name of its events is taken by a folder.
  run_quietly(config, root_ / "undisturbed");
  fs::copy(root_ / "undisturbed", root_ / "run", fs::copy_options::recursive);
  fs::remove_all(root_ / "run" / "local_search");
  fs::create_directories(root_ / "run" / "local_search" / "seed_3" / "events.jsonl" / "in_the_way");
  const std::string message = message_of<Error>([&] { run_quietly(config, root_ / "run"); });
  EXPECT_THAT(message, AllOf(HasSubstr("local_search with seed 3"), HasSubstr("seed_3")));
  EXPECT_TRUE(fs::exists(root_ / "run" / "local_search" / "seed_2" / "result.json"));
  fs::remove_all(root_ / "run" / "local_search" / "seed_3" / "events.jsonl");
  run_quietly(config, root_ / "run");
  EXPECT_EQ(files_of(root_ / "run"), files_of(root_ / "undisturbed"));
}

/// The optimizer of tests/fixtures/plugins/throws, which tells no reason that Espalier knows.
void run_throwing(const fs::path& directory) {
  PluginRegistry registry(PluginRegistry::search_path({fs::path(paths::fixture_plugins) / "throws"}));
  run(config_of("search_space: nasbench201\noptimizer: {name: throws, call: tell, from_seed: 2}\n"
                "benchmark: nasbench201\ntrainer: {name: discrete, trials: 20}\nseeds: 0..3\n"),
      {.directory = directory, .quiet = true}, registry);
}

TEST_F(RunFailureTest, APluginThatThrowsLosesNoFinishedSeedAndTheRunCompletesLater) {
  EXPECT_THAT(message_of<Error>([&] { run_throwing(root_ / "run"); }),
              AllOf(HasSubstr("optimizer 'throws'"), HasSubstr("throws/optimizer.so"), HasSubstr("tell()"),
                    HasSubstr("the table is upside down"), HasSubstr("throws with seed 2")));
  for (const char* seed : {"seed_0", "seed_1"})
    EXPECT_TRUE(fs::exists(root_ / "run" / "throws" / seed / "result.json")) << seed;
  EXPECT_TRUE(results_are_whole(root_ / "run"));
  ::setenv("ESPALIER_FIXTURE_CALM", "1", 1);
  run_throwing(root_ / "run");
  run_throwing(root_ / "undisturbed");
  ::unsetenv("ESPALIER_FIXTURE_CALM");
  EXPECT_EQ(files_of(root_ / "run"), files_of(root_ / "undisturbed"));
}

}  // namespace
}  // namespace espalier::host::testing
