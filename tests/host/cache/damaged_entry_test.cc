#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "host/cache/cache_fixture.h"
#include "sanitized.h"

// What is not what a run has written is never read: the training runs again.
namespace espalier::host::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct EntryDamage {
  std::string name;
  std::function<void(const fs::path&)> damage;
};

void change_file(const fs::path& file, const std::function<void(std::string&)>& change) {
  std::string text = read_text(file);
  change(text);
  write_text(file, text);
}

EntryDamage flipped_bit(const std::string& name, std::size_t tenth) {
  return {name, [tenth](const fs::path& file) {
            change_file(file, [tenth](std::string& text) {
              const std::size_t at = std::min(text.size() * tenth / 10, text.size() - 1);
              text[at] = static_cast<char>(text[at] ^ 1);
            });
          }};
}

const std::vector<EntryDamage>& entry_damages() {
  static const std::vector<EntryDamage> all = {
      {"removed", [](const fs::path& file) { fs::remove(file); }},
      {"emptied", [](const fs::path& file) { write_text(file, ""); }},
      {"cut",
       [](const fs::path& file) {
         change_file(file, [](std::string& text) { text.resize(text.size() / 2); });
       }},
      {"without its last byte",
       [](const fs::path& file) { change_file(file, [](std::string& text) { text.pop_back(); }); }},
      {"longer", [](const fs::path& file) { change_file(file, [](std::string& text) { text += "\n"; }); }},
      flipped_bit("its first bit", 0),
      flipped_bit("a bit near its beginning", 1),
      flipped_bit("a bit of its middle", 5),
      flipped_bit("a bit near its end", 9),
      flipped_bit("its last bit", 10),
      {"a named pipe",
       [](const fs::path& file) {
         fs::remove(file);
         ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
       }},
      {"a folder",
       [](const fs::path& file) {
         fs::remove(file);
         fs::create_directories(file / "inside");
       }},
      {"a link to the file",
       [](const fs::path& file) {
         fs::rename(file, file.string() + ".theirs");
         fs::create_symlink(file.string() + ".theirs", file);
       }},
      {"written by others", [](const fs::path& file) { ASSERT_EQ(::chmod(file.c_str(), 0660), 0); }},
  };
  return all;
}

class DamagedEntryTest : public CacheTest {
 protected:
  /// Trains again, and leaves the entry as it was.
  void expect_mended(const std::string& damage) {
    SCOPED_TRACE(damage);
    const std::size_t before = trained();
    const std::string directory = "run " + std::to_string(number_++);
    run_into(directory, with_cache());
    EXPECT_EQ(trained(), before + 1);
    EXPECT_THAT(differing(results_of(directory), results_of("first")), IsEmpty());
    EXPECT_THAT(entries(), SizeIs(1)) << "nothing is left beside the entry";
    run_into(directory + " again", with_cache());
    EXPECT_EQ(trained(), before + 1) << "the entry is whole again";
    EXPECT_THAT(differing(results_of(directory + " again"), results_of("first")), IsEmpty());
  }

  int number_ = 0;
};

TEST_F(DamagedEntryTest, IsFoundAndTrainedAgain) {
  run_into("first", with_cache());
  const fs::path entry = entries().front();
  std::vector<std::string> files;
  for (const auto& file : fs::directory_iterator(entry)) files.push_back(file.path().filename().string());
  std::ranges::sort(files);
  ASSERT_EQ(files, (std::vector<std::string>{"entry.json", "events.jsonl", "network.json",
                                             "network.safetensors", "timing.csv"}));
  std::size_t number = 0;
  for (const std::string& file : files) {
    for (const EntryDamage& damage : entry_damages()) {
      if (espalier::testing::kSanitized && ++number % 5 != 0) continue;
      damage.damage(entry / file);
      expect_mended(file + ": " + damage.name);
    }
  }
}

TEST_F(DamagedEntryTest, InPlaceOfTheFolderToo) {
  run_into("first", with_cache());
  const fs::path entry = entries().front();
  fs::remove_all(entry);
  write_text(entry, "a file");
  expect_mended("a file");
  fs::rename(entry, root_ / "theirs");
  fs::create_symlink(root_ / "theirs", entry);
  expect_mended("a link");
  EXPECT_TRUE(fs::exists(root_ / "theirs/entry.json")) << "a link is not followed, not even to remove";
  ASSERT_EQ(::chmod(entry.c_str(), 0770), 0);
  expect_mended("a folder that others may write to");
  fs::remove_all(entry);
  fs::create_directory(entry);
  expect_mended("an empty folder");
}

TEST_F(DamagedEntryTest, TheEntryOfAnotherTrainingIsNotItsOwn) {
  run_into("first", with_cache());
  const fs::path entry = entries().front();
  run_into("second", with_cache(config("epochs: 4")));
  const auto both = entries();
  const fs::path other = both.front() == entry ? both.back() : both.front();
  fs::remove_all(entry);
  fs::rename(other, entry);
  expect_mended("under the name of another");
}

/// What a process leaves that is killed before it has written `whole` files.
void begin_entry(const fs::path& from, const fs::path& begun, std::size_t whole) {
  fs::create_directory(begun);
  ASSERT_EQ(::chmod(begun.c_str(), 0700), 0);
  std::size_t number = 0;
  for (const auto& file : fs::directory_iterator(from)) {
    const std::string text = read_text(file.path());
    write_text(begun / file.path().filename(), number < whole ? text : text.substr(0, text.size() / 2));
    if (number++ == whole) return;
  }
}

TEST_F(DamagedEntryTest, AnEntryThatWasBegunIsNotReadAndGoesAway) {
  run_into("first", with_cache());
  const fs::path entry = entries().front();
  const fs::path kept = root_ / "kept";
  fs::rename(entry, kept);
  for (std::size_t whole = 0; whole <= 5; ++whole) {
    begin_entry(kept, entry.string() + ".123.0.tmp", whole);
    expect_mended(std::to_string(whole) + " files are written");
    fs::remove_all(entry);
  }
}

TEST_F(DamagedEntryTest, AnEntryThatIsBeingWrittenStays) {
  run_into("first", with_cache());
  const fs::path entry = entries().front();
  const fs::path begun = entry.string() + ".123.0.tmp";
  begin_entry(entry, begun, 1);
  const int folder = ::open(begun.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(::flock(folder, LOCK_EX), 0) << "as the process that writes it does";
  run_into("second", with_cache());
  EXPECT_TRUE(fs::exists(begun));
  ::close(folder);
  run_into("third", with_cache());
  EXPECT_FALSE(fs::exists(begun));
  EXPECT_EQ(trained(), 1U);
}

// Whoever keeps something of his own in the folder keeps it.
TEST_F(DamagedEntryTest, OtherFilesStay) {
  fs::create_directory(cache_);
  ASSERT_EQ(::chmod(cache_.c_str(), 0700), 0);
  write_text(cache_ / "notes.txt", "mine");
  write_text(cache_ / "notes.tmp", "mine");
  fs::create_directory(cache_ / "folder.tmp");
  ASSERT_EQ(::chmod((cache_ / "folder.tmp").c_str(), 0700), 0);
  run_into("first", with_cache());
  run_into("second", with_cache());
  EXPECT_THAT(entries(), SizeIs(4));
}

TEST_F(DamagedEntryTest, TheNameIsTheHashOfEverythingThatDecides) {
  write_text(root_ / "read.txt", "one");
  run_into("first", with_cache(config("file: " + (root_ / "read.txt").string())));
  const fs::path entry = entries().front();
  const auto key = nlohmann::json::parse(read_text(entry / "entry.json")).at("key");
  write_text(root_ / "key", key.dump());
  EXPECT_EQ(PluginRegistry::hash(root_ / "key"), entry.filename().string());
  std::vector<std::string> names;
  for (const auto& [name, value] : key.items()) {
    names.push_back(name);
    EXPECT_FALSE(value.is_null() || (value.is_string() && value.get<std::string>().empty())) << name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"architecture", "dataset", "dependencies", "epochs", "espalier",
                                             "files", "format", "libraries", "machine", "options", "plugin",
                                             "plugins", "search_space", "seed", "test_images", "train_images",
                                             "what"}));
  const auto has = [&](const char* part, const char* member) { return key.at(part).contains(member); };
  EXPECT_TRUE(has("plugins", "search_space/good"));
  EXPECT_TRUE(has("plugins", "trainer/trains"));
  EXPECT_TRUE(has("plugins", "dataset/sampled"));
  EXPECT_FALSE(has("plugins", "optimizer/good")) << "a training does not depend on it";
  EXPECT_TRUE(has("files", "trainer/trains read.txt"));
  EXPECT_TRUE(has("machine", "model name"));
  EXPECT_TRUE(has("machine", "flags"));
  EXPECT_TRUE(has("machine", "cores"));
  EXPECT_TRUE(has("dataset", "normalization"));
  EXPECT_TRUE(has("dataset", "may_be_mirrored"));
  EXPECT_TRUE(has("dependencies", "build"));
  EXPECT_THAT(key.at("libraries").dump(), HasSubstr("libespalier_core.so"));
  EXPECT_THAT(key.at("libraries").dump(), HasSubstr("libespalier_host.so"));
}

/// In a process of its own, so that the plugin file is read again.
TEST_F(DamagedEntryTest, AnotherBuildOfAPluginOrAnotherMachineIsAnotherTraining) {
  const auto run_child = [&](const std::string& directory) {
    Child child([&] {
      std::vector<fs::path> folders = {root_ / "plugins"};
      for (const char* fixture : {"good", "inputs"})
        folders.push_back(fs::path(paths::fixture_plugins) / fixture);
      PluginRegistry registry(PluginRegistry::search_path(folders));
      host::run(config_of(with_cache()), {.directory = root_ / directory, .quiet = true}, registry);
      return 0;
    });
    ASSERT_EQ(child.wait(), 0);
  };
  fs::create_directory(root_ / "plugins");
  fs::copy_file(fs::path(paths::fixture_plugins) / "trains/trainer.so", root_ / "plugins/trainer.so");
  run_child("first");
  run_child("same");
  EXPECT_EQ(trained(), 1U);
  for (const char* variable : {"OMP_NUM_THREADS", "OPENBLAS_CORETYPE"}) {
    ::setenv(variable, "1", 1);
    run_child(variable);
    ::unsetenv(variable);
  }
  EXPECT_EQ(trained(), 3U);
  std::ofstream(root_ / "plugins/trainer.so", std::ios::binary | std::ios::app) << "rebuilt";
  run_child("rebuilt");
  EXPECT_EQ(trained(), 4U);
}

}  // namespace
}  // namespace espalier::host::testing
