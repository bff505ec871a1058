#include <gmock/gmock.h>

#include <algorithm>

#include "host/program/program_fixture.h"

// What the program says of the cache.
namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class CacheProgramTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("run.yaml", config("cache: kept\n"));
    fs::create_directory(folder_ / "elsewhere");
  }
  static std::string config(const std::string& more, const std::string& evaluate = "") {
    const std::string fixtures = paths::fixture_plugins;
    return "search_space: good\noptimizer: good\nbenchmark: good\ndataset: sampled\n"
           "trainer: {name: discrete, trials: 4}\nseeds: 0\nevaluate: {name: trains" +
           evaluate + "}\nplugin_path: [" + fixtures + "/good, " + fixtures + "/inputs, " + fixtures +
           "/trains]\n" + more;
  }
  ProgramResult run_into(const std::string& out, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"run", "run.yaml", "--out", out});
    return espalier(more);
  }
  /// The only entry.
  fs::path entry() const { return fs::directory_iterator(folder_ / "kept")->path(); }
};

TEST_F(CacheProgramTest, SaysWhatIsReusedAndFromWhere) {
  const ProgramResult first = run_into("first");
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.err, Not(HasSubstr("reused")));
  const ProgramResult second = run_into("second");
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(
      second.err,
      AllOf(HasSubstr("the training from scratch of good with seed 0 is reused from " + entry().string()),
            ContainsRegex("timing.csv has the [0-9.]+ seconds of the training that ran")));
  EXPECT_EQ(espalier({"run", "run.yaml", "--out", "third", "--quiet"}).err, "");
}

TEST_F(CacheProgramTest, ADamagedEntryIsNamedInOneLine) {
  ASSERT_EQ(run_into("first").exit_code, 0);
  write(fs::relative(entry() / "network.safetensors", folder_).string(), "other");
  const ProgramResult second = run_into("second", {"--quiet"});
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_THAT(second.err, AllOf(HasSubstr(entry().string()), HasSubstr("is damaged and is removed"),
                                HasSubstr("network.safetensors holds something else than was written")));
  EXPECT_EQ(std::ranges::count(second.err, '\n'), 1) << second.err;
}

TEST_F(CacheProgramTest, SaysThatATrainingCannotBeRepeated) {
  write("run.yaml", config("cache: kept\n", ", repeats: false"));
  const ProgramResult run = run_into("run");
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.err, HasSubstr("no training is reused or kept in the cache: the trainer \"trains\""));
}

TEST_F(CacheProgramTest, IsAnOverrideLikeEveryOther) {
  ASSERT_EQ(run_into("first", {"cache=elsewhere"}).exit_code, 0);
  EXPECT_FALSE(fs::is_empty(folder_ / "elsewhere"));
  EXPECT_FALSE(fs::exists(folder_ / "kept"));
  EXPECT_THAT(text_of(folder_ / "first/config.yaml"), HasSubstr((folder_ / "elsewhere").string()));

  fs::remove(folder_ / "first/good/seed_0/evaluation/result.json");
  const ProgramResult reused = espalier({"resume", "first"});
  EXPECT_EQ(reused.exit_code, 0) << reused.err;
  EXPECT_THAT(reused.err, HasSubstr("is reused from " + (folder_ / "elsewhere").string()));

  fs::remove(folder_ / "first/good/seed_0/evaluation/result.json");
  const ProgramResult dropped = espalier({"resume", "first", "cache=null"});
  EXPECT_EQ(dropped.exit_code, 0) << dropped.err;
  EXPECT_THAT(dropped.err, Not(HasSubstr("is reused")));
  EXPECT_THAT(text_of(folder_ / "first/config.yaml"), Not(HasSubstr("cache")));
}

}  // namespace
}  // namespace espalier::testing
