#include "espalier/data/data_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "paths.h"

namespace espalier {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class FindData : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "espalier_data_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    fs::create_directories(folder_ / "a");
    fs::create_directories(folder_ / "b" / "sub");
    std::ofstream(folder_ / "b" / "table.csv") << "b";
    std::ofstream(folder_ / "b" / "sub" / "deep.csv") << "b";
  }
  void TearDown() override {
    unsetenv("ESPALIER_DATA_PATH");
    fs::remove_all(folder_);
  }
  void set_path(const std::string& path) { setenv("ESPALIER_DATA_PATH", path.c_str(), 1); }
  std::string name(const std::string& part) const { return (folder_ / part).string(); }

  fs::path folder_;
};

TEST_F(FindData, LooksInEveryFolderOfTheEnvironmentInOrder) {
  set_path(name("a") + "::" + name("missing") + ":" + name("b"));
  EXPECT_EQ(find_data("table.csv"), folder_ / "b" / "table.csv");
  EXPECT_EQ(find_data("sub/deep.csv"), folder_ / "b" / "sub" / "deep.csv");
  std::ofstream(folder_ / "a" / "table.csv") << "a";
  EXPECT_EQ(find_data("table.csv"), folder_ / "a" / "table.csv");
}

TEST_F(FindData, NamesTheFoldersThatItLooksIn) {
  set_path(name("a") + "::" + name("missing"));
  const std::vector<fs::path> folders = data_folders();
  ASSERT_EQ(folders.size(), 3U);
  EXPECT_EQ(folders[0], folder_ / "a");
  EXPECT_EQ(folders[1], folder_ / "missing");
  EXPECT_THAT(folders[2].string(), HasSubstr("share/espalier/data"));
}

TEST_F(FindData, TakesNoFolderForAFile) {
  set_path(name("b"));
  EXPECT_THROW(find_data("sub"), Error);
}

TEST_F(FindData, SaysWhereItLooked) {
  set_path(name("a"));
  try {
    find_data("missing.csv");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("missing.csv"));
    EXPECT_THAT(error.what(), HasSubstr(name("a")));
    EXPECT_THAT(error.what(), HasSubstr("share/espalier/data"));
    EXPECT_THAT(error.what(), HasSubstr("ESPALIER_DATA_PATH"));
  }
}

TEST_F(FindData, EndsInTheTreeOfTheLibrary) {
  const fs::path shared = fs::path(paths::build) / "share" / "espalier" / "data";
  fs::create_directories(shared);
  const fs::path file = shared / "find_data_test.txt";
  std::ofstream(file) << "x";
  EXPECT_TRUE(fs::equivalent(find_data("find_data_test.txt"), file));
  fs::remove(file);
}

}  // namespace
}  // namespace espalier
