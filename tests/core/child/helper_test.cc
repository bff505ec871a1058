#include "child/helper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "child/working_folder.h"

namespace espalier::child {
namespace {

using namespace std::chrono_literals;
using Kind = Helper::Answer::Kind;

/// Whether a process runs; one that nobody has reaped yet does not.
bool lives(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  return !text.empty() && text.find(") Z ") == std::string::npos;
}

/// Waits as long as a machine may need that has much else to do.
bool becomes_true(const std::function<bool()>& condition) {
  for (int i = 0; i < 6000 && !condition(); ++i) std::this_thread::sleep_for(10ms);
  return condition();
}

/// Far longer than a shell takes on a busy machine.
Helper::Deadline soon() { return std::chrono::steady_clock::now() + 60s; }

class HelperTest : public ::testing::Test {
 protected:
  std::unique_ptr<Helper> shell(const std::string& script) const {
    return Helper::start("sh", {"-c", script}, folder_.path());
  }
  WorkingFolder folder_;
};

TEST_F(HelperTest, AnswersLineByLine) {
  const auto helper = shell("echo ready; while read line; do echo \"got $line\"; done");
  ASSERT_TRUE(helper);
  EXPECT_TRUE(helper->is_own());
  EXPECT_EQ(helper->listen(soon()).line, "ready");
  for (const char* const line : {"first", "second"}) {
    const Helper::Answer answer = helper->ask(line, soon());
    EXPECT_EQ(answer.kind, Kind::line);
    EXPECT_EQ(answer.line, std::string("got ") + line);
  }
}

TEST_F(HelperTest, ThatEndsIsNoticedAndItsComplaintKept) {
  const auto helper = shell("echo first >&2; echo last >&2; exit 3");
  ASSERT_TRUE(helper);
  EXPECT_EQ(helper->listen(soon()).kind, Kind::ended);
  EXPECT_EQ(helper->last_complaint(), "last");
  EXPECT_EQ(helper->ask("anything", soon()).kind, Kind::ended) << "and no signal ends this process";
  EXPECT_EQ(helper->ask("anything", soon()).kind, Kind::ended);
}

TEST_F(HelperTest, ThatSaysNothingIsLate) {
  const auto helper = shell("sleep 600");
  ASSERT_TRUE(helper);
  EXPECT_EQ(helper->ask("anything", std::chrono::steady_clock::now() + 20ms).kind, Kind::late);
}

TEST_F(HelperTest, ThatSaysTooMuchIsCutShort) {
  const auto helper = shell("yes | tr -d '\\n'");
  ASSERT_TRUE(helper);
  const Helper::Answer answer = helper->listen(soon());
  EXPECT_EQ(answer.kind, Kind::line);
  EXPECT_EQ(answer.line, std::string(std::size_t{1} << 20, 'y'));
}

TEST_F(HelperTest, IsKilledWithItsChildren) {
  auto helper = shell("sleep 600 & echo $!; echo $$; wait");
  ASSERT_TRUE(helper);
  const pid_t child = std::stoi(helper->listen(soon()).line);
  const pid_t itself = std::stoi(helper->listen(soon()).line);
  EXPECT_TRUE(lives(itself));
  helper.reset();
  EXPECT_FALSE(lives(itself));
  EXPECT_TRUE(becomes_true([&] { return !lives(child); }));
}

TEST_F(HelperTest, FindsItsInputEndedWhereItsProcessEndsInWhateverWay) {
  const pid_t process = ::fork();
  if (process == 0) {
    const auto helper = shell("echo ready; read line; echo ended > ended");
    helper->listen(soon());
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(process, &status, 0), process);
  EXPECT_TRUE(becomes_true([&] { return std::filesystem::exists(folder_.path() / "ended"); }));
}

TEST_F(HelperTest, NeedsAProgram) {
  EXPECT_FALSE(Helper::start("no-such-program", {}, folder_.path()));
  EXPECT_FALSE(Helper::start("/no/such/program", {}, folder_.path()));
  folder_.write("text", "no program");
  EXPECT_FALSE(Helper::start((folder_.path() / "text").string(), {}, folder_.path()));
}

}  // namespace
}  // namespace espalier::child
