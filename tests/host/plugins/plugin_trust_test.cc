#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "espalier/errors/errors.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/search/optimizer.h"
#include "paths.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class PluginTrustTest : public ::testing::Test {
 protected:
  PluginTrustTest() {
    std::string pattern = ::testing::TempDir() + "espalier_trust_XXXXXX";
    root_ = fs::canonical(mkdtemp(pattern.data()));
    folder_ = root_ / "above" / "plugins";
    file_ = folder_ / "optimizer.so";
    fs::create_directories(folder_);
    fs::copy_file(fs::path(paths::fixture_plugins) / "good" / "optimizer.so", file_);
    set_mode(file_, 0644);
    set_mode(folder_, 0755);
  }
  ~PluginTrustTest() override {
    unsetenv("ESPALIER_TRUSTED_PLUGIN_PATH");
    fs::remove_all(root_);
  }

  static void set_mode(const fs::path& path, mode_t mode) { EXPECT_EQ(::chmod(path.c_str(), mode), 0); }
  static PluginFile check(const fs::path& file) { return PluginRegistry::check(file, false); }

  fs::path root_;
  fs::path folder_;
  fs::path file_;
};

TEST_F(PluginTrustTest, WhatOnlyTheUserCanChangeIsTrusted) {
  EXPECT_EQ(check(file_).problem, "");
  set_mode(file_, 0664);
  set_mode(folder_, 0775);
  EXPECT_EQ(check(file_).problem, "") << "groups are of the administrator's choice";
}

TEST_F(PluginTrustTest, AFileThatEverybodyCanChangeIsRefused) {
  set_mode(file_, 0666);
  const PluginFile plugin = check(file_);
  EXPECT_EQ(plugin.problem, "can be changed by everybody (mode 0666)");
  EXPECT_THAT(plugin.remedy, AllOf(HasSubstr("chmod o-w " + file_.string()),
                                   HasSubstr("ESPALIER_TRUSTED_PLUGIN_PATH=" + folder_.string())));
  PluginRegistry registry({folder_});
  EXPECT_EQ(registry.list().at(0).problem, plugin.problem);
  EXPECT_THROW(registry.make<Optimizer>("good"), Error);
}

TEST_F(PluginTrustTest, AFolderThatEverybodyCanWriteToIsRefused) {
  for (const fs::path& folder : {folder_, folder_.parent_path()}) {
    set_mode(folder, 0777);
    EXPECT_EQ(check(file_).problem,
              "lies in " + folder.string() + ", which can be changed by everybody (mode 0777)");
    set_mode(folder, 01777);
    EXPECT_EQ(check(file_).problem, "") << "in a sticky folder nobody can replace another user's file";
    set_mode(folder, 0755);
  }
}

TEST_F(PluginTrustTest, ALinkIsJudgedByWhatItStandsFor) {
  const fs::path link = root_ / "link.so";
  fs::create_symlink(file_, link);
  EXPECT_EQ(check(link).problem, "");
  set_mode(folder_, 0777);
  EXPECT_THAT(check(link).problem, HasSubstr("lies in " + folder_.string()));
  set_mode(folder_, 0755);
  set_mode(file_, 0666);
  EXPECT_THAT(check(link).problem, HasSubstr("can be changed by everybody"));

  fs::create_directory_symlink(folder_, root_ / "folder");
  set_mode(file_, 0644);
  set_mode(folder_, 0777);
  EXPECT_THAT(check(root_ / "folder" / "optimizer.so").problem, HasSubstr("lies in " + folder_.string()));
}

TEST_F(PluginTrustTest, NothingIsAskedOfFoldersThatTheUserTrusts) {
  set_mode(file_, 0666);
  set_mode(folder_, 0777);
  setenv("ESPALIER_TRUSTED_PLUGIN_PATH", ("/nowhere:" + folder_.string()).c_str(), 1);
  EXPECT_EQ(check(file_).problem, "");
  EXPECT_NO_THROW(PluginRegistry({folder_}).make<Optimizer>("good"));
  setenv("ESPALIER_TRUSTED_PLUGIN_PATH", root_.c_str(), 1);
  EXPECT_EQ(check(file_).problem, "") << "nor of what is below them";
  setenv("ESPALIER_TRUSTED_PLUGIN_PATH", (root_ / "abo").c_str(), 1);
  EXPECT_NE(check(file_).problem, "") << "a folder is no prefix of a name";
}

TEST_F(PluginTrustTest, WhatBelongsToAnotherUserIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  constexpr uid_t nobody = 65534;
  ASSERT_EQ(::chown(file_.c_str(), nobody, nobody), 0);
  EXPECT_EQ(check(file_).problem, "belongs to nobody, who is neither you nor root");
  ASSERT_EQ(::chown(file_.c_str(), 0, 0), 0);
  ASSERT_EQ(::chown(folder_.c_str(), nobody, nobody), 0);
  EXPECT_THAT(check(file_).problem,
              AllOf(HasSubstr("lies in " + folder_.string()), HasSubstr("belongs to nobody")));
}

}  // namespace
}  // namespace espalier::host
