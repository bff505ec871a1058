#include <gmock/gmock.h>
#include <sys/stat.h>

#include "espalier/errors/errors.h"
#include "host/cache/cache_fixture.h"

// Which folders are taken for a cache, and what becomes of a run where the disk refuses.
namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int not_possible = 77;
constexpr uid_t other_user = 65534;

class CacheFolderTest : public CacheTest {
 protected:
  /// Refused at its place in the config, before anything is written.
  void expect_refused(const std::string& why, const std::string& remedy) {
    EXPECT_THAT(message_of<UsageError>([&] { run_into("run", with_cache()); }),
                AllOf(HasSubstr("test.yaml:8:8"), HasSubstr(cache_.string()), HasSubstr(why),
                      HasSubstr("expected"), HasSubstr(remedy)));
    EXPECT_FALSE(fs::exists(root_ / "run"));
    EXPECT_EQ(trained(), 0U);
  }
};

TEST_F(CacheFolderTest, OneToWhichOthersMayWriteIsRefused) {
  for (const mode_t mode : {0770, 0702, 01777}) {
    fs::create_directory(cache_);
    ASSERT_EQ(::chmod(cache_.c_str(), mode), 0);
    expect_refused("others may write to it (mode", "chmod go-w");
    fs::remove(cache_);
  }
}

TEST_F(CacheFolderTest, ALinkIsNotFollowed) {
  fs::create_directory(root_ / "elsewhere");
  fs::create_directory_symlink(root_ / "elsewhere", cache_);
  expect_refused("it is a link", "the folder that the link points to");
  EXPECT_TRUE(fs::is_empty(root_ / "elsewhere"));
  fs::remove(cache_);
  fs::create_symlink(root_ / "nowhere", cache_);
  expect_refused("it is a link", "the folder that the link points to");
}

TEST_F(CacheFolderTest, AFileIsRefused) {
  write_text(cache_, "mine");
  expect_refused("it is not a folder", "name a folder");
  EXPECT_EQ(read_text(cache_), "mine");
}

TEST_F(CacheFolderTest, OneOfAnotherOwnerIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  fs::create_directory(cache_);
  ASSERT_EQ(::chmod(cache_.c_str(), 0700), 0);
  ASSERT_EQ(::chown(cache_.c_str(), other_user, other_user), 0);
  expect_refused("it belongs to", "a folder of your own");
}

TEST_F(CacheFolderTest, AnEntryOfAnotherOwnerIsNotRead) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  run_into("first", with_cache());
  const fs::path entry = entries().front();
  ASSERT_EQ(::chown((entry / "network.safetensors").c_str(), other_user, other_user), 0);
  run_into("second", with_cache());
  EXPECT_EQ(trained(), 2U);
  ASSERT_EQ(::chown(entry.c_str(), other_user, other_user), 0);
  run_into("third", with_cache());
  EXPECT_EQ(trained(), 3U);
  run_into("fourth", with_cache());
  EXPECT_EQ(trained(), 3U);
}

TEST_F(CacheFolderTest, OneThatOthersMayReadIsTaken) {
  fs::create_directory(cache_);
  ASSERT_EQ(::chmod(cache_.c_str(), 0755), 0);
  run_into("first", with_cache());
  run_into("second", with_cache());
  EXPECT_EQ(trained(), 1U);
}

TEST_F(CacheFolderTest, FoldersAboveItAreMade) {
  const std::string text = config() + "cache: " + (root_ / "a/b/c").string() + "\n";
  run_into("first", text);
  run_into("second", text);
  EXPECT_EQ(trained(), 1U);
}

TEST_F(CacheFolderTest, WhatIsNoPathIsRefused) {
  for (const char* value : {"", "[a]", "{folder: a}", "\"\""}) {
    const std::string text = config() + "cache: " + value + "\n";
    EXPECT_THAT(message_of<UsageError>([&] { run_into("run", text); }),
                AllOf(HasSubstr("test.yaml:8:"), HasSubstr("cache: is not the path of a folder"),
                      HasSubstr("~/trainings")))
        << value;
  }
}

/// As another user, who may not write where `closed` is.
int run_as_other_user(const std::function<void()>& run) {
  if (::geteuid() == 0 && ::seteuid(other_user) != 0) return not_possible;
  run();
  return 0;
}

TEST_F(CacheFolderTest, OneThatCannotBeWrittenLosesNothing) {
  fs::permissions(root_, fs::perms::all);
  write_text(trained_, "");
  fs::permissions(trained_, fs::perms::all);
  fs::create_directory(cache_);
  ASSERT_EQ(::chmod(cache_.c_str(), 0500), 0);
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(cache_.c_str(), other_user, other_user), 0);
  }
  Child child([&] { return run_as_other_user([&] { run_into("run", with_cache()); }); });
  const int status = child.wait();
  if (status == not_possible) GTEST_SKIP() << "root cannot become another user here";
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(fs::exists(root_ / "run/summary.json"));
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(CacheFolderTest, OneThatCannotBeMadeLosesNothing) {
  fs::permissions(root_, fs::perms::all);
  write_text(trained_, "");
  fs::permissions(trained_, fs::perms::all);
  fs::create_directory(root_ / "closed");
  ASSERT_EQ(::chmod((root_ / "closed").c_str(), 0555), 0);
  cache_ = root_ / "closed" / "cache";
  Child child([&] { return run_as_other_user([&] { run_into("run", with_cache()); }); });
  const int status = child.wait();
  if (status == not_possible) GTEST_SKIP() << "root cannot become another user here";
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(fs::exists(root_ / "run/summary.json"));
  EXPECT_FALSE(fs::exists(cache_));
}

TEST_F(CacheFolderTest, AFullOneLosesNothing) {
  fs::create_directory(cache_);
  Child child([&] {
    if (!mount_small_disk(cache_, "size=300k,mode=0700")) return not_possible;
    run_into("run", with_cache(config("bytes: 400000")));
    if (!fs::exists(root_ / "run/summary.json")) return 1;
    if (!entries().empty()) return 2;
    run_into("small", with_cache(config("bytes: 1000")));
    if (entries().size() != 1) return 3;
    run_into("small again", with_cache(config("bytes: 1000")));
    return trained() == 2 ? 0 : 4;
  });
  const int status = child.wait();
  if (status == not_possible) GTEST_SKIP() << "no user namespaces here";
  ASSERT_EQ(status, 0);
}

TEST_F(CacheFolderTest, SeveralProcessesUseItAtOnce) {
  constexpr int processes = 4;
  {
    std::vector<std::unique_ptr<Child>> children;
    children.reserve(processes);
    for (int i = 0; i < processes; ++i)
      children.push_back(std::make_unique<Child>([&, i] {
        run_into("run " + std::to_string(i), with_cache(config("seeds: 0..9")));
        return 0;
      }));
    for (const auto& child : children) EXPECT_EQ(child->wait(), 0);
  }
  EXPECT_THAT(entries(), SizeIs(10));
  const std::size_t before = trained();
  run_into("after", with_cache(config("seeds: 0..9")));
  EXPECT_EQ(trained(), before);
  for (int i = 0; i < processes; ++i)
    EXPECT_THAT(differing(results_of("run " + std::to_string(i)), results_of("after")), IsEmpty());
}

}  // namespace
}  // namespace espalier::host::testing
