#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>

#include <csignal>
#include <utility>

#include "espalier/host/report/table.h"
#include "host/program/program_fixture.h"
#include "host/program/screen.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kLongSearch =
    "search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n"
    "trainer: {name: discrete, trials: 100000000}\nseeds: 0..3\n";

/// A program on a terminal of its own.
class Terminal {
 public:
  Terminal(const fs::path& folder, const std::vector<std::string>& command, std::size_t width)
      : screen_(width) {
    struct winsize size = window(width);
    child_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
    if (child_ == 0) execute(folder, command);
  }
  ~Terminal() {
    ::close(terminal_);
    if (child_ < 0) return;
    ::kill(child_, SIGKILL);  // a test that failed has not read to the end
    ::waitpid(child_, nullptr, 0);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Reads on until the program has written `text`, or has ended.
  void read_until(const std::string& text) {
    constexpr std::size_t kEnough = 1 << 20;  // of the bytes of bars
    const std::size_t begin = bytes_.size();
    while (bytes_.find(text, begin) == std::string::npos && read_some()) {
      if (bytes_.size() - begin < kEnough) continue;
      ADD_FAILURE() << "it has not written \"" << text << "\"";
      return;
    }
  }
  /// Reads on until a bar is no wider than `width`: some that were drawn for a wider window may be under way.
  void read_until_it_fits(std::size_t width) {
    constexpr int kBars = 20;
    for (int i = 0; i < kBars; ++i) {
      read_until("\x1b[J");
      read_until("\r");
      if (screen_.lines().back().size() < width) return;
    }
  }
  int read_to_the_end() {
    while (read_some()) {
    }
    int status = 0;
    ::waitpid(std::exchange(child_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void resize(std::size_t width) {
    struct winsize size = window(width);
    ASSERT_EQ(::ioctl(terminal_, TIOCSWINSZ, &size), 0);
    screen_.resize(width);
  }
  void interrupt() const { ::kill(child_, SIGINT); }

  const Screen& screen() const { return screen_; }
  const std::string& bytes() const { return bytes_; }

 private:
  static struct winsize window(std::size_t width) {
    struct winsize size = {};
    size.ws_row = 24;
    size.ws_col = static_cast<unsigned short>(width);
    return size;
  }
  [[noreturn]] static void execute(const fs::path& folder, const std::vector<std::string>& command) {
    ::setenv("TERM", "xterm", 1);
    if (::chdir(folder.c_str()) != 0) ::_exit(126);
    std::vector<char*> arguments;
    for (const std::string& argument : command)
      arguments.push_back(const_cast<char*>(argument.c_str()));  // NOLINT
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
  }
  /// False when the program has ended, or says nothing more for long.
  bool read_some() {
    constexpr int kPatience = 60'000;  // milliseconds
    pollfd ready = {.fd = terminal_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, kPatience) <= 0) {
      ADD_FAILURE() << "it has not gone on for a minute";
      return false;
    }
    char buffer[4096];
    const ssize_t count = ::read(terminal_, buffer, sizeof buffer);
    if (count <= 0) return false;  // a terminal whose program has ended gives EIO
    bytes_.append(buffer, static_cast<std::size_t>(count));
    screen_.write({buffer, static_cast<std::size_t>(count)});
    return true;
  }

  int terminal_ = -1;
  pid_t child_ = -1;
  std::string bytes_;
  Screen screen_;
};

using OnATerminal = ProgramTest;

TEST_F(OnATerminal, TheBarFitsAndLeavesNothing) {
  write("long.yaml", kLongSearch);
  for (const std::size_t width : {20U, 40U, 80U, 200U}) {
    Terminal terminal(folder_, {program(), "run", "long.yaml", "--overwrite"}, width);
    terminal.read_until(" %  ");
    terminal.read_until(" %  ");
    terminal.interrupt();
    EXPECT_EQ(terminal.read_to_the_end(), 130);
    EXPECT_THAT(terminal.screen().lines(), Each(Not(HasSubstr(" %  ")))) << width;
    EXPECT_THAT(terminal.screen().lines(), Contains(HasSubstr("stopped with 4 of 4 searches to go")));
    if (width >= 40) {
      EXPECT_THAT(terminal.bytes(), HasSubstr("0 of 4 searches"));
    }
  }
}

TEST_F(OnATerminal, OneThatCannotMoveItsCursorGetsPlainLines) {
  write("long.yaml", kLongSearch);
  Terminal terminal(folder_, {"env", "TERM=dumb", program(), "run", "long.yaml", "--log-level", "debug"}, 80);
  terminal.read_until("begins");
  terminal.interrupt();
  EXPECT_EQ(terminal.read_to_the_end(), 130);
  EXPECT_THAT(terminal.bytes(), Not(HasSubstr("\x1b[J")));
}

TEST_F(OnATerminal, TheBarNeverBreaksALine) {
  write("long.yaml", kLongSearch);
  for (const std::size_t width : {12U, 30U, 80U, 120U}) {
    Terminal terminal(folder_, {program(), "run", "long.yaml", "--overwrite"}, width);
    terminal.read_until(" %");
    terminal.read_until("\r");
    EXPECT_FALSE(terminal.screen().broke_a_line()) << terminal.bytes();
    terminal.interrupt();
    EXPECT_EQ(terminal.read_to_the_end(), 130);
  }
}

TEST_F(OnATerminal, TheBarFollowsTheWidthOfItsWindow) {
  write("long.yaml", kLongSearch);
  Terminal terminal(folder_, {program(), "run", "long.yaml"}, 120);
  terminal.read_until("best ");
  EXPECT_THAT(terminal.bytes(), HasSubstr("0 of 4 searches"));
  terminal.resize(30);
  terminal.read_until_it_fits(30);
  EXPECT_THAT(terminal.screen().lines().back(), Not(HasSubstr("best ")));
  EXPECT_LT(terminal.screen().lines().back().size(), 30U);
  terminal.resize(120);
  terminal.read_until("best ");
  terminal.interrupt();
  EXPECT_EQ(terminal.read_to_the_end(), 130);
  EXPECT_THAT(terminal.screen().lines(), Each(Not(HasSubstr(" %  "))));
}

TEST_F(OnATerminal, ALineOfTheLogTakesThePlaceOfTheBar) {
  write("long.yaml", kLongSearch);
  Terminal terminal(folder_, {program(), "run", "long.yaml", "--log-level", "debug"}, 160);
  terminal.read_until("keeps a checkpoint");  // after some seconds
  terminal.interrupt();
  EXPECT_EQ(terminal.read_to_the_end(), 130);
  EXPECT_THAT(terminal.screen().lines(), Contains(HasSubstr("loaded the optimizer 'random_search'")));
  for (const std::string& line : terminal.screen().lines())
    EXPECT_THAT(line, AllOf(Not(HasSubstr(" %  ")), Not(HasSubstr("#")))) << line;
}

TEST_F(OnATerminal, TablesAndHelpFit) {
  for (const std::size_t width : {60U, 80U, 200U}) {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"describe", "optimizer", "regularized_evolution"},
          {"query", "nasbench201", "|none~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|"},
          {"query", "--help"}}) {
      std::vector<std::string> all = {program()};
      all.insert(all.end(), command.begin(), command.end());
      Terminal terminal(folder_, all, width);
      EXPECT_EQ(terminal.read_to_the_end(), 0);
      for (const std::string& line : terminal.screen().lines()) {
        const bool is_example = line.find("espalier query") != std::string::npos;  // to be copied
        const bool is_architecture = line.starts_with("|");
        if (is_example || is_architecture) continue;
        EXPECT_LE(host::text_width(line), width) << line;
      }
    }
  }
}

}  // namespace
}  // namespace espalier::testing
