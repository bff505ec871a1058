#include "espalier/files/read_file.h"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ReadFileTest : public ::testing::Test {
 protected:
  ReadFileTest() {
    std::string name = (fs::temp_directory_path() / "espalier-files-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~ReadFileTest() override { fs::remove_all(folder_); }

  std::string refusal(const fs::path& file) const {
    try {
      read_file(file);
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << file << " was read";
    return {};
  }

  fs::path folder_;
};

TEST_F(ReadFileTest, GivesTheBytesOfAFileAndOfALinkToOne) {
  const std::string bytes("a\0b\r\n\xff", 6);
  std::ofstream(folder_ / "file", std::ios::binary) << bytes;
  fs::create_symlink("file", folder_ / "link");
  EXPECT_EQ(read_file(folder_ / "file"), bytes);
  EXPECT_EQ(read_file(folder_ / "link"), bytes);
  std::ofstream(folder_ / "large", std::ios::binary) << std::string(1'000'000, 'x');
  EXPECT_EQ(read_file(folder_ / "large")->size(), 1'000'000U);
}

TEST_F(ReadFileTest, GivesNothingWhereThereIsNone) {
  EXPECT_EQ(read_file(folder_ / "missing"), std::nullopt);
  EXPECT_THROW(open_file(folder_ / "missing"), Error);
}

TEST_F(ReadFileTest, RefusesAtOnceWhatIsNoRegularFile) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  fs::create_symlink("loop", folder_ / "loop");
  EXPECT_THAT(refusal(folder_ / "pipe"), HasSubstr("it is a named pipe"));
  EXPECT_THAT(refusal(folder_), HasSubstr("it is a folder"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("it is a device"));
  EXPECT_THAT(refusal(folder_ / "loop"), HasSubstr("symbolic links"));
}

}  // namespace
}  // namespace espalier
