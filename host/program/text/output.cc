#include "text/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <system_error>

#include "espalier/errors/errors.h"
#include "espalier/host/report/table.h"
#include "espalier/host/report/terminal_width.h"

namespace espalier::program {
namespace {

[[noreturn]] void refuse(int code) {
  if (code == EPIPE) throw OutputClosed();
  throw Error({.what = "cannot write the output: " + std::generic_category().message(code),
               .where = "standard output",
               .remedy = "free space or write elsewhere"});
}

}  // namespace

void prepare_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    // For reading only: a write to a stream that was closed still fails.
    if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF) (void)::open("/dev/null", O_RDONLY);
  }
  (void)std::signal(SIGPIPE, SIG_IGN);
}

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) refuse(errno);
}

void print_json(const nlohmann::ordered_json& json) {
  print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  print("\n");
}

std::size_t output_width() { return host::terminal_width(STDOUT_FILENO).value_or(host::kAnyWidth); }

void flush_output() {
  if (std::fflush(stdout) != 0) refuse(errno);
}

}  // namespace espalier::program
