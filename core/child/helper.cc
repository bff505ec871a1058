#include "child/helper.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/process.hpp>
#include <boost/process/posix.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "child/program.h"

namespace espalier::child {

namespace process = boost::process;

/// A socket in the place of two pipes: writing to a program that has ended then fails without a signal, and
/// no other program that is started meanwhile inherits it, so that the input ends with this process.
struct Helper::Impl {
  int socket = -1;
  std::filesystem::path complaints;
  process::group group;
  process::child program;
  std::string received = {};  ///< what no line was made of yet
  pid_t owner = ::getpid();

  bool send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EINTR) return false;
      if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Whether bytes came; none at the end.
  bool receive() {
    constexpr std::size_t kAtOnce = 4096;
    std::array<char, kAtOnce> bytes;
    ssize_t count = -1;
    do count = ::recv(socket, bytes.data(), bytes.size(), 0);
    while (count < 0 && errno == EINTR);
    if (count <= 0) return false;
    received.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
  }

  /// Waits until there is something to receive, or the end.
  bool wait(Deadline deadline) const {
    constexpr std::chrono::milliseconds kAtMost = std::chrono::hours(1);
    while (true) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) return false;
      pollfd wanted = {.fd = socket, .events = POLLIN, .revents = 0};
      if (::poll(&wanted, 1, static_cast<int>(std::min(left, kAtMost).count())) > 0) return true;
    }
  }
};

std::unique_ptr<Helper> Helper::start(const std::string& program, const std::vector<std::string>& arguments,
                                      const std::filesystem::path& folder) {
  const boost::filesystem::path path = program_file(program);
  std::array<int, 2> ends = {};
  if (path.empty() || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return nullptr;
  auto impl = std::make_unique<Impl>();
  impl->socket = ends[0];
  impl->complaints = new_complaints(folder);
  std::error_code failed;
  impl->program = process::child(
      path, process::args(arguments), quiet_environment(), impl->group, failed,
      process::start_dir(folder.string()), process::posix::fd.bind(STDIN_FILENO, ends[1]),
      process::posix::fd.bind(STDOUT_FILENO, ends[1]), process::std_err > impl->complaints.string());
  ::close(ends[1]);
  if (failed) {
    ::close(ends[0]);
    return nullptr;
  }
  return std::unique_ptr<Helper>(new Helper(std::move(impl)));
}

Helper::Helper(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Helper::~Helper() {
  ::close(impl_->socket);
  if (!is_own()) {
    impl_->group.detach();
    impl_->program.detach();
    return;
  }
  std::error_code ended;
  impl_->group.terminate(ended);
  impl_->program.wait(ended);
}

Helper::Answer Helper::listen(Deadline deadline) {
  constexpr std::size_t kLongest = std::size_t{1} << 20;
  std::string& received = impl_->received;
  std::size_t end = 0;
  while ((end = received.find('\n')) == std::string::npos && received.size() < kLongest) {
    if (!impl_->wait(deadline)) return {.kind = Answer::Kind::late};
    if (!impl_->receive()) return {.kind = Answer::Kind::ended};
  }
  Answer answer{.line = received.substr(0, std::min(end, kLongest))};
  received.erase(0, end == std::string::npos ? end : end + 1);
  return answer;
}

Helper::Answer Helper::ask(std::string_view line, Deadline deadline) {
  if (!impl_->send(std::string(line) + "\n")) return {.kind = Answer::Kind::ended};
  return listen(deadline);
}

std::string Helper::last_complaint() const { return last_line(impl_->complaints); }

bool Helper::is_own() const { return impl_->owner == ::getpid(); }

}  // namespace espalier::child
