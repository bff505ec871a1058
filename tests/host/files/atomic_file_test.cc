#include <gmock/gmock.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "checkpoint_bytes.h"
#include "espalier/errors/errors.h"
#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using AtomicFileTest = RunTest;

/// Whether a file reads as a whole one of its kind.
bool is_whole(const fs::path& file, const std::string& text) {
  const std::string extension = file.extension().string();
  if (extension == ".json") return nlohmann::json::accept(text);
  if (extension == ".cbor") {
    try {
      return espalier::testing::to_checkpoint(espalier::testing::from_checkpoint(text)) == text;
    } catch (const nlohmann::json::exception&) {
      return false;
    }
  }
  return !text.empty() && text.back() == '\n';
}

TEST_F(AtomicFileTest, EveryFileIsWholeAtEveryMoment) {
  Child child([&] { return run_quietly(config_text("0..2", 100), root_, 2), 0; });
  std::size_t looked_at = 0;
  while (child.running()) {
    std::error_code error;  // files come and go meanwhile
    fs::recursive_directory_iterator entry(root_, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      const fs::path file = entry->path();
      const bool grows = file.extension() == ".jsonl";  // a checkpoint says how far it belongs to it
      if (grows || file.extension() == ".tmp" || file.extension() == ".lock" ||
          !entry->is_regular_file(error))
        continue;
      std::ifstream stream(file, std::ios::binary);
      if (!stream) continue;  // just removed
      const std::string text{std::istreambuf_iterator<char>(stream), {}};
      EXPECT_TRUE(is_whole(file, text)) << file << ": " << text;
      ++looked_at;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(child.wait(), 0);
  EXPECT_GT(looked_at, 0U);
  for (const auto& [name, text] : files_of(root_)) {
    EXPECT_NE(fs::path(name).extension(), ".tmp");
    EXPECT_TRUE(is_whole(name, text)) << name;
  }
}

TEST_F(AtomicFileTest, ALinkUnderATemporaryNameIsNotFollowed) {
  write_text(root_ / "theirs.txt", "years of work");
  fs::create_directories(root_ / "run");
  for (const char* name : {"config.yaml.tmp", "summary.json.tmp", "environment.json.tmp"})
    fs::create_symlink(root_ / "theirs.txt", root_ / "run" / name);
  run_quietly(config_text("0"), root_ / "run");
  EXPECT_EQ(read_text(root_ / "theirs.txt"), "years of work");
}

TEST_F(AtomicFileTest, ALinkInPlaceOfTheLockOrOfAFileThatGrowsIsRefused) {
  write_text(root_ / "theirs.txt", "years of work");
  fs::create_directories(root_ / "run");
  fs::create_symlink(root_ / "theirs.txt", root_ / "run" / "run.lock");
  EXPECT_THAT(message_of<Error>([&] { run_quietly(config_text("0"), root_ / "run"); }),
              ::testing::HasSubstr("run.lock"));
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "run"), fs::directory_iterator()), 1)
      << "a refused directory is not touched";
  fs::remove(root_ / "run" / "run.lock");

  run_quietly(config_text("0"), root_ / "run");
  const fs::path folder = root_ / "run" / "random_search" / "seed_0";
  fs::remove(folder / "result.json");
  fs::remove(folder / "growth.cbor");
  fs::remove(folder / "events.jsonl");
  fs::create_symlink(root_ / "theirs.txt", folder / "events.jsonl");
  EXPECT_THAT(message_of<Error>([&] { run_quietly(config_text("0"), root_ / "run"); }),
              ::testing::HasSubstr("events.jsonl"));
  EXPECT_EQ(read_text(root_ / "theirs.txt"), "years of work");
}

}  // namespace
}  // namespace espalier::host::testing
