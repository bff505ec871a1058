#include "plugins/load_in_child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "espalier/errors/errors.h"
#include "files/file_descriptor.h"
#include "plugins/plugin_library.h"

namespace espalier::host {
namespace {

constexpr const char* kBlame = "this is a mistake in the plugin: report it to its author";

[[noreturn]] void fail(const char* what) {
  throw Error({.what = fmt::format("{}: {}", what, std::generic_category().message(errno)),
               .remedy = "end other programs, and check again"});
}

/// What the child tells of a load that ended: two texts, each with a zero behind it; they fit into a pipe.
std::string report_of_loading(const PluginFile& plugin) {
  ErrorDetails details{.what = {}};
  try {
    load_plugin(plugin);
  } catch (const Error& error) {
    details = error.details();
  } catch (const std::exception& error) {
    details = {.what = error.what()};
  }
  constexpr std::size_t kLongest = 1500;
  return details.what.substr(0, kLongest) + '\0' + details.remedy.substr(0, kLongest) + '\0';
}

[[noreturn]] void be_the_child(const PluginFile& plugin, int pipe) {
  ::setpgid(0, 0);  // with whatever the plugin starts
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT})
    std::signal(signal, SIG_DFL);
  const int null = ::open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, stream);
  const std::string report = report_of_loading(plugin);
  const bool told = ::write(pipe, report.data(), report.size()) == static_cast<ssize_t>(report.size());
  ::_exit(told ? 0 : 1);
}

/// The child's status, or nothing when it was ended because it took too long.
std::optional<int> wait_for(pid_t child, std::chrono::duration<double> limit) {
  using Clock = std::chrono::steady_clock;
  constexpr int kPause = 5;  // milliseconds
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (Clock::now() >= end) {
      ::kill(-child, SIGKILL);
      ::kill(child, SIGKILL);  // should it have left its group
      ::waitpid(child, nullptr, 0);
      return std::nullopt;
    }
    ::poll(nullptr, 0, kPause);
  }
  return status;
}

std::string text_in(int pipe) {
  std::array<char, 4096> buffer;
  const ssize_t count = ::read(pipe, buffer.data(), buffer.size());
  return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string();
}

void note_end(PluginFile& plugin, int status) {
  plugin.remedy = kBlame;
  plugin.problem = WIFSIGNALED(status) ? fmt::format("crashes while it is loaded: signal {} ({})",
                                                     WTERMSIG(status), ::strsignal(WTERMSIG(status)))
                                       : "ends the program while it is loaded";
}

}  // namespace

void load_in_child(PluginFile& plugin, std::chrono::duration<double> limit) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) fail("cannot open a pipe");
  const FileDescriptor reading(ends[0]);
  const FileDescriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) fail("cannot start a process");
  if (child == 0) be_the_child(plugin, writing.get());

  const std::optional<int> status = wait_for(child, limit);
  if (!status) {
    plugin.problem = fmt::format("hangs while it is loaded: it has not ended after {:g} s", limit.count());
    plugin.remedy = kBlame;
    return;
  }
  const std::string report = text_in(reading.get());
  const std::size_t end = report.find('\0');
  if (end == std::string::npos) return note_end(plugin, *status);
  plugin.problem = report.substr(0, end);
  plugin.remedy = report.substr(end + 1, report.size() - end - 2);
}

}  // namespace espalier::host
