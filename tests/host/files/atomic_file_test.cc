#include <gmock/gmock.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using AtomicFileTest = RunTest;

/// Whether a file reads as a whole one of its kind.
bool is_whole(const fs::path& file, const std::string& text) {
  const std::string extension = file.extension().string();
  if (extension == ".json") return nlohmann::json::accept(text);
  if (extension == ".cbor")
    return !nlohmann::json::from_cbor(text, true, /*allow_exceptions=*/false).is_discarded();
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
      if (file.extension() == ".tmp" || file.extension() == ".lock" || !entry->is_regular_file(error))
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

}  // namespace
}  // namespace espalier::host::testing
